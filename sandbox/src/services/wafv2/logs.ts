import { randomUUID } from "node:crypto";
import type { Cloud } from "../../core/cloud.ts";
import type { Resource } from "../../core/definition.ts";
import { isProps, type Props, text, textAt, texts, valuesAt } from "../../core/values.ts";
import type { Asked } from "../../plane/load-balancer/request.ts";
import { WEB_ACL_LOGGING } from "./names.ts";
import type { Outcome, Protected } from "./outcome.ts";

const REDACTED = "REDACTED";

/** Writes what became of a request into the log group of the web ACL, where it has one and the filter lets it. Source: AWS WAF Developer Guide, "Log fields". */
export function writeLog(cloud: Cloud, webAcl: Resource, asked: Asked, behind: Protected, outcome: Outcome): void {
  const logging = cloud.world
    .all(WEB_ACL_LOGGING)
    .find((row) => row.phase !== "deleting" && text(row.inputs, "resourceArn") === text(webAcl.outputs, "arn"));
  if (logging === undefined || !isWanted(logging.inputs, outcome)) return;
  const group = (texts(logging.inputs, "logDestinationConfigs")[0] ?? "").split(":log-group:")[1]?.replace(/:\*$/, "") ?? "";
  const stream = `${webAcl.region}_${text(webAcl.outputs, "name")}_0`;
  cloud.putLog(group, stream, JSON.stringify(entryOf(cloud, webAcl, logging.inputs, asked, behind, outcome)));
}

function entryOf(cloud: Cloud, webAcl: Resource, logging: Props, asked: Asked, behind: Protected, outcome: Outcome): object {
  const { by, inGroup } = outcome;
  const type = by?.type ?? "REGULAR";
  const isGroup = type === "MANAGED_RULE_GROUP";
  return {
    timestamp: cloud.now(),
    formatVersion: 1,
    webaclId: text(webAcl.outputs, "arn"),
    terminatingRuleId: by?.name ?? "Default_Action",
    terminatingRuleType: type,
    action: outcome.action,
    terminatingRuleMatchDetails: [],
    httpSourceName: behind.kind,
    httpSourceId: behind.id,
    ruleGroupList: isGroup ? [{ ruleGroupId: by?.name, terminatingRule: { ruleId: inGroup, action: outcome.action } }] : [],
    rateBasedRuleList: type === "RATE_BASED" ? [{ rateBasedRuleName: by?.name }] : [],
    nonTerminatingMatchingRules: outcome.counted.map((ruleId) => ({ ruleId, action: "COUNT", ruleMatchDetails: [] })),
    requestHeadersInserted: pairs(outcome.insert),
    responseCodeSent: outcome.status ?? null,
    httpRequest: requestOf(logging, asked),
    labels: outcome.labels.map((name) => ({ name })),
  };
}

function requestOf(logging: Props, { headers, method, path, query, source }: Asked): object {
  const redacted = valuesAt(logging, "redactedFields[]").filter(isProps);
  const hides = (field: string): boolean => redacted.some((each) => each[field] !== undefined);
  const hidden = redacted.flatMap((each) =>
    isProps(each["singleHeader"]) ? [text(each["singleHeader"], "name").toLowerCase()] : [],
  );
  const shown = Object.entries(headers).map(([name, value]) => [
    name,
    hidden.includes(name) ? REDACTED : [value ?? ""].flat().join(", "),
  ]);
  return {
    clientIp: source,
    country: "-",
    headers: pairs(Object.fromEntries(shown) as Record<string, string>),
    uri: hides("uriPath") ? REDACTED : path,
    args: hides("queryString") ? REDACTED : query.replace(/^\?/, ""),
    httpVersion: "HTTP/1.1",
    httpMethod: hides("method") ? REDACTED : method,
    requestId: text({ id: headers["x-amzn-trace-id"]?.toString() }, "id") || randomUUID(),
  };
}

function pairs(headers: Readonly<Record<string, string>>): { readonly name: string; readonly value: string }[] {
  return Object.entries(headers).map(([name, value]) => ({ name, value }));
}

/** Whether the filter keeps it: the first filter that matches decides, or else the default. */
function isWanted(logging: Props, outcome: Outcome): boolean {
  const filter = logging["loggingFilter"];
  if (!isProps(filter)) return true;
  const behaviour = valuesAt(filter, "filters[]")
    .filter(isProps)
    .find((each) => meets(each, outcome));
  return text(behaviour ?? { behavior: filter["defaultBehavior"] }, "behavior") === "KEEP";
}

function meets(filter: Props, { action, counted, labels }: Outcome): boolean {
  const conditions = valuesAt(filter, "conditions[]").filter(isProps);
  const isMet = (condition: Props): boolean => {
    const [wanted] = valuesAt(condition, "actionCondition.action");
    if (wanted !== undefined) return wanted === action || (wanted === "COUNT" && counted.length > 0);
    return labels.includes(textAt(condition, "labelNameCondition.labelName"));
  };
  return text(filter, "requirement") === "MEETS_ALL" ? conditions.every(isMet) : conditions.some(isMet);
}

import { isProps, type Props, text, textAt, valuesAt } from "../../core/values.ts";
import { between, given, type Limit, matching, ofLength } from "../limits.ts";
import { type Action, actionFault, actionOf } from "./actions.ts";
import { MANAGED_RULE_GROUPS, type ManagedRule } from "./managed-rule-groups.ts";
import { MANAGED } from "./managed-statement.ts";
import { RATE } from "./rate-statement.ts";
import type { Matcher, Seen } from "./seen.ts";
import { matcherOf, statementFault } from "./statements.ts";

/** As WAF tells the kinds of rules apart in its logs. */
export type RuleType = "REGULAR" | "RATE_BASED" | "MANAGED_RULE_GROUP";

/** What a rule says of a request. */
export interface Finding {
  /** Decides, or only counts. */
  readonly action: Action;
  /** The rule of the group that was met. @default - the rule is no group */
  readonly inGroup?: string;
}

/** A rule, ready to be asked. */
export interface Rule {
  readonly name: string;
  readonly type: RuleType;
  /** Under which its requests are counted; undefined where nobody wants that. */
  readonly metric: string | undefined;
  /** What it finds, in order: at most the last decides. It puts its labels on the request. */
  readonly ask: (seen: Seen) => readonly Finding[];
}

const name: Limit = (value) =>
  ofLength(1, 128)(value, {}) ?? matching(/^[\w-]+$/, "letters, digits, hyphens and underscores are")(value, {});
export const metricName: Limit = (value) =>
  ofLength(1, 255)(value, {}) ?? matching(/^[\w#:./-]+$/, "letters, digits and #:./_- are")(value, {});

/** What is wrong with one rule of a web ACL. */
export const ruleLimit: Limit = (rule) => {
  if (!isProps(rule)) return "a rule must be an object";
  const named = name(rule["name"] ?? "", rule);
  if (named !== undefined) return `name: ${named}`;
  const priority = between(0, 2_147_483_647)(rule["priority"] ?? -1, rule);
  if (priority !== undefined) return `priority: ${priority}`;
  const statement = statementFault(rule["statement"]);
  if (statement !== undefined) return `statement.${statement}`;
  const metric = metricName(valuesAt(rule, "visibilityConfig.metricName")[0] ?? "", rule);
  if (metric !== undefined) return `visibilityConfig.metricName: ${metric}`;
  const label = valuesAt(rule, "ruleLabels[].name").find((each) => typeof each !== "string" || !/^[\w:-]{1,1024}$/.test(each));
  if (label !== undefined)
    return `ruleLabels: ${JSON.stringify(label)} is no label: letters, digits, hyphens, underscores and colons`;
  return decisionFault(rule);
};

/** A group decides by its own rules, which the web ACL may take down to counting; every other rule has an action. */
function decisionFault(rule: Props): string | undefined {
  const isGroup = valuesAt(rule, `statement.${MANAGED}`).length > 0;
  const [own, override] = [rule["action"] !== undefined, rule["overrideAction"] !== undefined];
  if (isGroup) {
    if (own || !override) return `a rule with ${MANAGED} has overrideAction (none, or count), and no action`;
    const kinds = isProps(rule["overrideAction"]) ? given(rule["overrideAction"], ["none", "count"]) : [];
    return kinds.length === 1
      ? undefined
      : `overrideAction is exactly one of none, count (given: ${kinds.join(" and ") || "none of them"})`;
  }
  if (override || !own) return "a rule has an action, and overrideAction only where it names a rule group";
  const fault = actionFault(rule["action"]);
  return fault === undefined ? undefined : `action: ${fault}`;
}

/** The rules of a web ACL, in the order of their priorities. `labels` is what stands before the labels of its own rules. */
export function rulesOf(webAcl: Props, labels: string): Rule[] {
  const bodies = valuesAt(webAcl, "customResponseBodies[]").filter(isProps);
  return valuesAt(webAcl, "rules[]")
    .filter(isProps)
    .sort((one, other) => Number(one["priority"]) - Number(other["priority"]))
    .map((rule) => ruleOf(rule, labels, bodies));
}

function ruleOf(rule: Props, labels: string, bodies: readonly Props[]): Rule {
  const statement = isProps(rule["statement"]) ? rule["statement"] : {};
  const group = statement[MANAGED];
  const isCounted = valuesAt(rule, "visibilityConfig.cloudwatchMetricsEnabled")[0] === true;
  return {
    name: text(rule, "name"),
    type: isProps(group) ? "MANAGED_RULE_GROUP" : statement[RATE] === undefined ? "REGULAR" : "RATE_BASED",
    metric: isCounted ? textAt(rule, "visibilityConfig.metricName") : undefined,
    ask: isProps(group) ? groupAsker(rule, group, statement, bodies) : ownAsker(rule, statement, labels, bodies),
  };
}

function ownAsker(rule: Props, statement: Props, labels: string, bodies: readonly Props[]): Rule["ask"] {
  const matches = matcherOf(statement);
  const action = actionOf(isProps(rule["action"]) ? rule["action"] : {}, bodies);
  const own = valuesAt(rule, "ruleLabels[]")
    .filter(isProps)
    .map((label) => `${labels}${text(label, "name")}`);
  return (seen) => {
    if (!matches(seen)) return [];
    for (const label of own) seen.labels.add(label);
    return [{ action }];
  };
}

function groupAsker(rule: Props, group: Props, statement: Props, bodies: readonly Props[]): Rule["ask"] {
  const managed = MANAGED_RULE_GROUPS[text(group, "name")];
  const isIn: Matcher = matcherOf(statement);
  const countsOnly = valuesAt(rule, "overrideAction.count").length > 0;
  const overrides = valuesAt(group, "ruleActionOverrides[]").filter(isProps);
  const actions = (managed?.rules ?? []).map((each): [ManagedRule, Action] => {
    const override = overrides.find((other) => text(other, "name") === each.name)?.["actionToUse"];
    return [each, actionOf(isProps(override) ? override : { block: {} }, bodies)];
  });
  return (seen) => {
    if (!isIn(seen)) return [];
    const findings: Finding[] = [];
    for (const [{ label, matches, name: inGroup }, action] of actions) {
      if (!matches(seen.asked)) continue;
      seen.labels.add(`awswaf:managed:aws:${managed?.label ?? ""}:${label}`);
      const decides = action.kind !== "count";
      findings.push({ inGroup, action: decides && countsOnly ? { kind: "count", insert: {} } : action });
      if (decides) break;
    }
    return findings;
  };
}

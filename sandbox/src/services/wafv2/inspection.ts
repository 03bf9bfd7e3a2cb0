import type { Cloud } from "../../core/cloud.ts";
import type { Resource } from "../../core/definition.ts";
import { isProps, text, textAt, valuesAt } from "../../core/values.ts";
import type { World } from "../../core/world.ts";
import type { Asked } from "../../plane/load-balancer/request.ts";
import { type Action, actionOf, type Refusal } from "./actions.ts";
import { CLOUDFRONT_REGION, WEB_ACL } from "./names.ts";
import { type Rule, rulesOf } from "./rules.ts";
import type { Seen } from "./seen.ts";
import type { Outcome, Protected } from "./outcome.ts";
import { writeLog } from "./logs.ts";

const NAMESPACE = "AWS/WAFV2";

/** What a firewall says of a request. */
export interface Inspection {
  /** The answer in the product's place. @default - the request may go on */
  readonly refusal?: Refusal;
  /** Headers that go on with the request. */
  readonly insert: Readonly<Record<string, string>>;
}

/** A web ACL, ready to be asked. */
interface Firewall {
  readonly row: Resource;
  readonly rules: readonly Rule[];
  readonly otherwise: Action;
  /** Under which its requests are counted; undefined where nobody wants that. */
  readonly metric: string | undefined;
}

const PASSED: Inspection = { insert: {} };
// By the world, of which there is one for each sandbox however often its Cloud object is copied. Counts of clients live as long as the web ACL stays as it is.
const ready = new WeakMap<World, Map<string, Firewall>>();

/**
 * Asks a web ACL, by its ARN, whether a request may go on to what it protects; counts and logs what it says. A web ACL that is not there lets everything pass.
 * For load balancers and distributions alike.
 */
export function inspect(cloud: Cloud, webAclArn: string, asked: Asked, behind: Protected): Inspection {
  const firewall = firewallOf(cloud, webAclArn);
  if (firewall === undefined) return PASSED;
  const seen: Seen = { asked, labels: new Set(), now: cloud.now() };
  const counted: string[] = [];
  let insert: Record<string, string> = {};
  for (const rule of firewall.rules) {
    for (const { action, inGroup } of rule.ask(seen)) {
      if (action.kind === "count") {
        counted.push(inGroup === undefined ? rule.name : `${rule.name}/${inGroup}`);
        insert = { ...insert, ...action.insert };
        publish(cloud, firewall, "CountedRequests", rule.metric);
        continue;
      }
      return decide(cloud, firewall, seen, behind, action, {
        by: rule,
        counted,
        insert,
        ...(inGroup !== undefined && { inGroup }),
      });
    }
  }
  return decide(cloud, firewall, seen, behind, firewall.otherwise, { counted, insert });
}

function decide(
  cloud: Cloud,
  firewall: Firewall,
  { asked, labels }: Seen,
  behind: Protected,
  action: Action,
  so: Pick<Outcome, "by" | "counted" | "inGroup" | "insert">,
): Inspection {
  const isBlocked = action.kind === "block";
  const insert = isBlocked ? so.insert : { ...so.insert, ...action.insert };
  publish(
    cloud,
    firewall,
    isBlocked ? "BlockedRequests" : "AllowedRequests",
    so.by === undefined ? "Default_Action" : so.by.metric,
  );
  const custom = isBlocked && action.refusal.body !== undefined ? { status: action.refusal.status } : {};
  writeLog(cloud, firewall.row, asked, behind, {
    ...so,
    ...custom,
    action: isBlocked ? "BLOCK" : "ALLOW",
    labels: [...labels],
    insert,
  });
  return isBlocked ? { refusal: action.refusal, insert } : { insert };
}

/** Source: AWS WAF Developer Guide, "AWS WAF metrics and dimensions". What stands before CloudFront has no region in its dimensions. */
function publish(cloud: Cloud, { metric, row }: Firewall, name: string, rule: string | undefined): void {
  if (metric === undefined) return;
  const isGlobal = text(row.outputs, "scope") === "CLOUDFRONT";
  const region = isGlobal ? CLOUDFRONT_REGION : row.region;
  for (const Rule of new Set([rule ?? "ALL", "ALL"])) {
    const dimensions = { WebACL: metric, Rule, ...(!isGlobal && { Region: row.region }) };
    cloud.putMetric(NAMESPACE, name, dimensions, 1, { unit: "Count", region });
  }
}

function firewallOf(cloud: Cloud, arn: string): Firewall | undefined {
  const firewalls = ready.get(cloud.world) ?? new Map<string, Firewall>();
  ready.set(cloud.world, firewalls);
  const row = cloud.world.by(WEB_ACL, "arn", arn);
  if (row === undefined) return undefined;
  const known = firewalls.get(arn);
  if (known !== undefined && known.row.inputs === row.inputs) return known;
  const { outputs } = row;
  const bodies = valuesAt(outputs, "customResponseBodies[]").filter(isProps);
  const isCounted = valuesAt(outputs, "visibilityConfig.cloudwatchMetricsEnabled")[0] === true;
  const firewall = {
    row,
    rules: rulesOf(outputs, `awswaf:${cloud.account}:webacl:${text(outputs, "name")}:`),
    otherwise: actionOf(isProps(outputs["defaultAction"]) ? outputs["defaultAction"] : {}, bodies),
    metric: isCounted ? textAt(outputs, "visibilityConfig.metricName") : undefined,
  };
  firewalls.set(arn, firewall);
  return firewall;
}

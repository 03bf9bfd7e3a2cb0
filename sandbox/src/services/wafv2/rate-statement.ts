import { isIP } from "node:net";
import { isProps, type Props, text, type Value, valuesAt } from "../../core/values.ts";
import type { Asked } from "../../plane/load-balancer/request.ts";
import { between, given, oneOf } from "../limits.ts";
import { textsOf } from "./fields.ts";
import { RateCounter } from "./rate-counter.ts";
import type { Matcher, Seen } from "./seen.ts";

/** The kind of statement that counts the requests of each client. */
export const RATE = "rateBasedStatement";

/** AWS WAF API Reference, RateBasedStatement. */
const [LEAST, MOST] = [10, 2_000_000_000];
const WINDOWS = [60, 120, 300, 600];
const USUAL_WINDOW = 300;
const MOST_KEYS = 5;
const KEYS: Readonly<Record<string, string>> = {
  cookie: "cookies",
  header: "singleHeader",
  httpMethod: "method",
  queryArgument: "singleQueryArgument",
  queryString: "queryString",
  uriPath: "uriPath",
};
const UNPLAYED_KEYS = ["asn", "ja3Fingerprint", "ja4Fingerprint", "labelNamespace"];

/** What is wrong with such a statement. */
export function rateFault(block: Props, nested: (statement: Value | undefined) => string | undefined): string | undefined {
  const limit = between(LEAST, MOST)(block["limit"] ?? 0, block);
  if (limit !== undefined) return `limit: ${limit}`;
  const window = oneOf(...WINDOWS)(block["evaluationWindowSec"] ?? USUAL_WINDOW, block);
  if (window !== undefined) return `evaluationWindowSec: ${window}`;
  const by = text(block, "aggregateKeyType");
  const type = oneOf("IP", "FORWARDED_IP", "CUSTOM_KEYS", "CONSTANT")(by, block);
  if (type !== undefined) return `aggregateKeyType: ${type}`;
  const scope = block["scopeDownStatement"];
  if (by === "CONSTANT" && scope === undefined) return "aggregateKeyType CONSTANT needs a scopeDownStatement";
  if ((by === "CUSTOM_KEYS") !== valuesAt(block, "customKeys[]").length > 0)
    return "customKeys goes with aggregateKeyType CUSTOM_KEYS, which needs 1 to 5 of them";
  return forwardedFault(block, by) ?? keyFault(block) ?? (scope === undefined ? undefined : nested(scope));
}

function forwardedFault(block: Props, by: string): string | undefined {
  const isAsked = by === "FORWARDED_IP" || valuesAt(block, "customKeys[].forwardedIp").length > 0;
  const [config] = valuesAt(block, "forwardedIpConfig").filter(isProps);
  if (config === undefined) return isAsked ? "aggregation by a forwarded address needs forwardedIpConfig" : undefined;
  const fallback = oneOf("MATCH", "NO_MATCH")(config["fallbackBehavior"] ?? "", config);
  if (fallback !== undefined) return `forwardedIpConfig.fallbackBehavior: ${fallback}`;
  return text(config, "headerName") === "" ? "forwardedIpConfig.headerName names a header, such as X-Forwarded-For" : undefined;
}

function keyFault(block: Props): string | undefined {
  const keys = valuesAt(block, "customKeys[]").filter(isProps);
  if (keys.length > MOST_KEYS) return `customKeys: 1 to ${MOST_KEYS} keys, not ${keys.length}`;
  const names = [...Object.keys(KEYS), "ip", "forwardedIp", ...UNPLAYED_KEYS];
  for (const key of keys) {
    const kinds = given(key, names);
    if (kinds.length !== 1)
      return `customKeys: each has exactly one of ${names.join(", ")} (given: ${kinds.join(" and ") || "none"})`;
    const [kind = ""] = kinds;
    if (UNPLAYED_KEYS.includes(kind)) return `customKeys: the sandbox does not count by ${kind}`;
  }
  return undefined;
}

/** What it costs: the counting, each key, and the statement that narrows it down. */
export function rateCapacity(block: Props, nested: (statement: Props) => number): number {
  const scope = isProps(block["scopeDownStatement"]) ? nested(block["scopeDownStatement"]) : 0;
  return 2 + 30 * valuesAt(block, "customKeys[]").length + scope;
}

/**
 * True of the requests of a client that has made more than the limit in the window, this one included. Every request that the statement looks at counts, also one
 * that is then blocked. AWS WAF looks at the rates every few seconds and lags behind by as much; the sandbox counts at once.
 */
export function rateMatcher(block: Props, nested: (statement: Props) => Matcher): Matcher {
  const limit = Number(block["limit"]);
  const counter = new RateCounter(Number(block["evaluationWindowSec"] ?? USUAL_WINDOW));
  const isIn = nested(isProps(block["scopeDownStatement"]) ? block["scopeDownStatement"] : {});
  const keyOf = keyReader(block);
  return (seen) => {
    if (!isIn(seen)) return false;
    const key = keyOf(seen);
    return typeof key === "boolean" ? key : counter.count(key, seen.now) > limit;
  };
}

/** By what requests are told apart; a boolean decides at once, for a request that can't be told apart from others. */
function keyReader(block: Props): (seen: Seen) => string | boolean {
  switch (text(block, "aggregateKeyType")) {
    case "IP":
      return ({ asked }) => asked.source;
    case "FORWARDED_IP":
      return forwardedReader(block);
    case "CONSTANT":
      return () => "";
    default: {
      const readers = valuesAt(block, "customKeys[]")
        .filter(isProps)
        .map((key) => customReader(key, block));
      return (seen) => {
        const parts = readers.map((read) => read(seen));
        return parts.find((part) => typeof part === "boolean") ?? JSON.stringify(parts);
      };
    }
  }
}

/** The first address of the header. Without the header the rule is not asked; with no address in it the fallback decides. */
function forwardedReader(block: Props): (seen: Seen) => string | boolean {
  const [config = {}] = valuesAt(block, "forwardedIpConfig").filter(isProps);
  const name = text(config, "headerName").toLowerCase();
  const fallback = text(config, "fallbackBehavior") === "MATCH";
  return ({ asked }) => {
    const value = headerOf(asked, name);
    if (value === undefined) return false;
    const first = value.split(",")[0]?.trim() ?? "";
    return isIP(first) === 0 ? fallback : first;
  };
}

function customReader(key: Props, block: Props): (seen: Seen) => string | boolean {
  const [kind = ""] = given(key, [...Object.keys(KEYS), "ip", "forwardedIp"]);
  if (kind === "ip") return ({ asked }) => asked.source;
  if (kind === "forwardedIp") return forwardedReader(block);
  const inner = isProps(key[kind]) ? key[kind] : {};
  const textTransformations = inner["textTransformations"] ?? [{ priority: 0, type: "NONE" }];
  const cookie = { matchPatterns: [{ includedCookies: [text(inner, "name")] }], matchScope: "VALUE" };
  const field = { [KEYS[kind] ?? ""]: kind === "cookie" ? cookie : { name: text(inner, "name") } };
  const read = textsOf({ fieldToMatch: field, textTransformations });
  // A request that lacks one of the keys is not counted.
  return ({ asked }) => read(asked)[0] ?? false;
}

function headerOf({ headers }: Asked, name: string): string | undefined {
  const value = headers[name];
  return value === undefined ? undefined : [value].flat().join(", ");
}

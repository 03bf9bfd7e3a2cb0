import { BlockList, isIPv4, isIPv6 } from "node:net";
import { wildcard } from "./action-names.ts";
import type { Statement } from "./policy-document.ts";

/** The facts of a request that conditions may ask for; keys in lower case, such as `aws:sourceip`. */
export type RequestContext = ReadonlyMap<string, readonly string[]>;

/** Whether every condition of the statement holds. A key that the request lacks fails, but for negated, `IfExists`, `ForAllValues:` and `Null` operators. */
export function conditionsHold(conditions: Statement["conditions"], context: RequestContext): boolean {
  return Object.entries(conditions).every(([operator, keys]) =>
    Object.entries(keys).every(([key, wanted]) =>
      holds(
        operator,
        context.get(key.toLowerCase()),
        wanted.map((value) => filledIn(value, context)),
      ),
    ),
  );
}

/** Puts policy variables such as `${aws:PrincipalAccount}` in; an unknown one stays as it is and so matches nothing. */
export function filledIn(value: string, context: RequestContext): string {
  return value.replace(/\$\{([^}]+)\}/g, (whole, name: string) => {
    if (name === "*" || name === "?" || name === "$") return name;
    return context.get(name.toLowerCase())?.[0] ?? whole;
  });
}

function holds(operator: string, given: readonly string[] | undefined, wanted: readonly string[]): boolean {
  if (operator === "Null") return wanted.some((value) => (value === "true") === (given === undefined));
  const quantifier = /^(ForAllValues|ForAnyValue):/.exec(operator)?.[1];
  const optional = operator.endsWith("IfExists");
  const base = operator.replace(/^For\w+Values?:/, "").replace(/IfExists$/, "");
  const negated = base.includes("Not");
  const positive = base.replace("Not", "");
  if (given === undefined || given.length === 0)
    return optional || quantifier === "ForAllValues" || (negated && quantifier === undefined);
  const matches = (value: string): boolean => wanted.some((other) => compare(positive, value, other)) !== negated;
  return quantifier === "ForAllValues" || (negated && quantifier === undefined) ? given.every(matches) : given.some(matches);
}

function compare(operator: string, given: string, wanted: string): boolean {
  if (operator === "StringEquals" || operator === "BinaryEquals") return given === wanted;
  if (operator === "StringEqualsIgnoreCase" || operator === "Bool") return given.toLowerCase() === wanted.toLowerCase();
  if (operator === "StringLike") return wildcard(wanted, "").test(given);
  if (operator === "ArnEquals" || operator === "ArnLike") return arnLike(given, wanted);
  if (operator === "IpAddress") return inRange(given, wanted);
  if (operator.startsWith("Numeric")) return ordered(operator.slice("Numeric".length), Number(given), Number(wanted));
  return ordered(operator.slice("Date".length), instant(given), instant(wanted));
}

function ordered(operator: string, given: number, wanted: number): boolean {
  if (operator === "Equals") return given === wanted;
  if (operator === "LessThan") return given < wanted;
  if (operator === "LessThanEquals") return given <= wanted;
  if (operator === "GreaterThan") return given > wanted;
  return given >= wanted;
}

/** Each of the six parts of an ARN is matched by itself, so that a wildcard cannot reach over a colon. */
function arnLike(given: string, wanted: string): boolean {
  const parts = (text: string): string[] => {
    const all = text.split(":");
    return [...all.slice(0, 5), all.slice(5).join(":")];
  };
  const theirs = parts(given);
  return parts(wanted).every((pattern, index) => wildcard(pattern, "").test(theirs[index] ?? ""));
}

function inRange(address: string, range: string): boolean {
  const [network = "", bits] = range.split("/");
  const family = isIPv4(network) ? "ipv4" : "ipv6";
  if (family === "ipv6" && !isIPv6(network)) return false;
  const list = new BlockList();
  list.addSubnet(network, bits === undefined ? (family === "ipv4" ? 32 : 128) : Number(bits), family);
  return list.check(address, isIPv4(address) ? "ipv4" : "ipv6");
}

function instant(value: string): number {
  return /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value);
}

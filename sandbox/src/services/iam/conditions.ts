import { wildcard } from "./action-names.ts";
import { inRange, instant } from "./condition-values.ts";
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

/**
 * Puts policy variables such as `${aws:PrincipalAccount}` and `${aws:username, 'nobody'}` in; an unknown one without a default stays as it is, and
 * so matches nothing. The signs of a pattern that a value happens to hold are written as `${*}`: they mean themselves.
 */
export function filledIn(value: string, context: RequestContext): string {
  return value.replace(/\$\{([^}]+)\}/g, (whole, inside: string) => {
    if (/^[*?$]$/.test(inside)) return whole;
    const [, name = "", fallback] = /^([^,]+)(?:,\s*'(.*)')?$/.exec(inside) ?? [];
    return (context.get(name.trim().toLowerCase())?.[0] ?? fallback)?.replace(/[*?$]/g, "${$&}") ?? whole;
  });
}

/** The text that a value without wildcards means. */
function plain(value: string): string {
  return value.replace(/\$\{([*?$])\}/g, "$1");
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
  if (operator === "StringEquals" || operator === "BinaryEquals") return given === plain(wanted);
  if (operator === "StringEqualsIgnoreCase" || operator === "Bool") return given.toLowerCase() === plain(wanted).toLowerCase();
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

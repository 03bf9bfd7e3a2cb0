import { CloudError } from "../../core/definition.ts";
import { isProps, type Props, text, texts, type Value, valuesAt } from "../../core/values.ts";
import type { Asked } from "../../plane/load-balancer/request.ts";
import { ipv4Block, within } from "../ec2/cidr.ts";
import { given, type Limit, shown } from "../limits.ts";

type Matcher = (asked: Asked) => boolean;

/** The conditions by the names of their blocks; a rule may have more than one of those that are `repeated`. */
const KINDS = {
  hostHeader: { repeated: false, longest: 128 },
  httpHeader: { repeated: true, longest: 128 },
  httpRequestMethod: { repeated: false, longest: 40 },
  pathPattern: { repeated: false, longest: 128 },
  queryStrings: { repeated: true, longest: 128 },
  sourceIp: { repeated: false, longest: 43 },
} as const;
type Kind = keyof typeof KINDS;
const NAMES = Object.keys(KINDS) as Kind[];
/** Elastic Load Balancing User Guide, "Quotas for your Application Load Balancers". */
const MOST_VALUES = 5;
const MOST_WILDCARDS = 5;

/** What is wrong with one condition of a rule. */
export const conditionLimit: Limit = (value) => {
  if (!isProps(value)) return "a condition must be an object";
  const kinds = given(value, NAMES);
  if (kinds.length !== 1)
    return `a condition has exactly one of ${NAMES.join(", ")} (given: ${kinds.join(" and ") || "none"}); give one condition for each`;
  const kind = kinds[0] as Kind;
  const words = wordsOf(kind, value);
  if (words.length === 0) return `${kind} needs at least one value`;
  const long = words.find((word) => word.length > KINDS[kind].longest);
  if (long !== undefined) return `${shown(long)} is too long: at most ${KINDS[kind].longest} characters`;
  return kindFault(kind, value, words);
};

function kindFault(kind: Kind, value: Props, words: readonly string[]): string | undefined {
  const [plain, regexes] = [valuesAt(value, `${kind}.values[]`), valuesAt(value, `${kind}.regexValues[]`)];
  if (plain.length > 0 && regexes.length > 0) return `${kind} has either values or regexValues`;
  const regex = regexes.map(regexFault).find((fault) => fault !== undefined);
  if (regex !== undefined) return regex;
  if (kind === "sourceIp") return words.map((word) => sourceFault(word)).find((fault) => fault !== undefined);
  if (kind === "httpRequestMethod") {
    const odd = words.find((word) => !/^[A-Z_-]+$/.test(word));
    return odd === undefined ? undefined : `${shown(odd)} is not a method: capital letters, hyphens and underscores are allowed`;
  }
  const name = text(isProps(value[kind]) ? value[kind] : {}, "httpHeaderName");
  return kind === "httpHeader" && name.toLowerCase() === "host" ? "ask for the host with hostHeader" : undefined;
}

function regexFault(value: Value): string | undefined {
  try {
    new RegExp(typeof value === "string" ? value : "");
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function sourceFault(value: string): string | undefined {
  return value.includes(":")
    ? `${shown(value)}: the sandbox is reached over IPv4 only`
    : ipv4Block(value, {})?.replace("CIDR block", "CIDR block of a source");
}

/** Refuses conditions that do not go together (Elastic Load Balancing User Guide, "Condition types for listener rules"). */
export function requireConditions(conditions: readonly Props[]): void {
  const kinds = conditions.map((condition) => given(condition, NAMES)[0] as Kind);
  const twice = kinds.find((kind, at) => !KINDS[kind].repeated && kinds.indexOf(kind) !== at);
  if (twice !== undefined) {
    throw new CloudError("InvalidConfigurationRequest", `A rule can have one '${hyphened(twice)}' condition only`);
  }
  const words = conditions.flatMap((condition, at) => wordsOf(kinds[at] ?? "hostHeader", condition));
  if (words.length > MOST_VALUES)
    throw new CloudError(
      "TooManyRuleConditionValues",
      `A rule can have ${MOST_VALUES} condition values only, not ${words.length}`,
    );
  const wildcards = words.join("").replaceAll(/[^*?]/g, "").length;
  if (wildcards > MOST_WILDCARDS)
    throw new CloudError("TooManyWildcards", `A rule can have ${MOST_WILDCARDS} wildcards only, not ${wildcards}`);
}

function hyphened(kind: string): string {
  return kind.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** The strings that a condition compares with. */
function wordsOf(kind: Kind, condition: Props): string[] {
  const found =
    kind === "queryStrings"
      ? valuesAt(condition, "queryStrings[]").flatMap((pair) => (isProps(pair) ? [text(pair, "value")] : []))
      : [...valuesAt(condition, `${kind}.values[]`), ...valuesAt(condition, `${kind}.regexValues[]`)];
  return found.filter((word): word is string => typeof word === "string");
}

/** Whether a request meets all of these conditions. */
export function matcherOf(conditions: readonly Props[]): Matcher {
  const all = conditions.map(matcherOfOne);
  return (asked) => all.every((matches) => matches(asked));
}

function matcherOfOne(condition: Props): Matcher {
  const kind = given(condition, NAMES)[0] as Kind;
  const block = isProps(condition[kind]) ? condition[kind] : {};
  const values = texts(block, "values");
  if (kind === "httpRequestMethod") return ({ method }) => values.includes(method);
  if (kind === "sourceIp") return ({ source }) => values.some((cidr) => isIpv4(source) && within(`${source}/32`, cidr));
  if (kind === "queryStrings") return queryMatcher(valuesAt(condition, "queryStrings[]").filter(isProps));
  const flags = kind === "pathPattern" ? "" : "i";
  const patterns = [
    ...values.map((value) => wildcards(value, flags)),
    ...texts(block, "regexValues").map((value) => new RegExp(value, flags)),
  ];
  const matches = (value: string): boolean => patterns.some((pattern) => pattern.test(value));
  if (kind === "hostHeader") return ({ host }) => matches(host);
  if (kind === "pathPattern") return ({ path }) => matches(path);
  const name = text(block, "httpHeaderName").toLowerCase();
  return ({ headers }) => [headers[name] ?? []].flat().some(matches);
}

/** One of the pairs must be there; one without a key looks at the values of all. */
function queryMatcher(pairs: readonly Props[]): Matcher {
  const wanted = pairs.map((pair) => ({
    key: wildcards(text(pair, "key") || "*", "i"),
    value: wildcards(text(pair, "value"), "i"),
  }));
  return ({ query }) => {
    const there = [...new URLSearchParams(query)];
    return wanted.some(({ key, value }) => there.some(([name, held]) => key.test(name) && value.test(held)));
  };
}

/** `*` stands for any signs, `?` for one. */
function wildcards(pattern: string, flags: string): RegExp {
  const source = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`, flags);
}

function isIpv4(address: string): boolean {
  return /^\d+\.\d+\.\d+\.\d+$/.test(address);
}

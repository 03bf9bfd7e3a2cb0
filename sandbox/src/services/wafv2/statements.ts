import { isProps, type Props, text, type Value, valuesAt } from "../../core/values.ts";
import { between, given, oneOf, shown } from "../limits.ts";
import { bodySize, fieldFault, textsOf } from "./fields.ts";
import { groupFault, MANAGED, managedCapacity } from "./managed-statement.ts";
import { RATE, rateCapacity, rateFault, rateMatcher } from "./rate-statement.ts";
import type { Matcher, Seen } from "./seen.ts";

/** One kind of statement. */
interface Kind {
  readonly fault: (block: Props) => string | undefined;
  readonly matcher: (block: Props) => Matcher;
  /** In web ACL capacity units (AWS WAF Developer Guide, "Rule statements in AWS WAF"). */
  readonly capacity: (block: Props) => number;
}

/** What each transformation of a text costs. */
const TRANSFORMATION = 10;
const POSITIONS: Readonly<Record<string, (value: string, wanted: string) => boolean>> = {
  EXACTLY: (value, wanted) => value === wanted,
  STARTS_WITH: (value, wanted) => value.startsWith(wanted),
  ENDS_WITH: (value, wanted) => value.endsWith(wanted),
  CONTAINS: (value, wanted) => value.includes(wanted),
  CONTAINS_WORD: (value, wanted) => new RegExp(`(?<!\\w)${wanted.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&")}(?!\\w)`).test(value),
};
const COMPARISONS: Readonly<Record<string, (size: number, than: number) => boolean>> = {
  EQ: (size, than) => size === than,
  NE: (size, than) => size !== than,
  LT: (size, than) => size < than,
  LE: (size, than) => size <= than,
  GT: (size, than) => size > than,
  GE: (size, than) => size >= than,
};
const UNPLAYED: Readonly<Record<string, string>> = {
  asnMatchStatement: "it does not know whose network an address is in",
  geoMatchStatement: "it does not know which country an address is in",
  ipSetReferenceStatement: "it serves no sets of addresses",
  regexPatternSetReferenceStatement: "it serves no sets of patterns; give regexMatchStatement",
  ruleGroupReferenceStatement: "it serves no rule groups of one's own",
  sqliMatchStatement: "give the managed rule group AWSManagedRulesSQLiRuleSet",
  xssMatchStatement: "give the managed rule group AWSManagedRulesCommonRuleSet",
};

const KINDS: Readonly<Record<string, Kind>> = {
  andStatement: logical((all, seen) => all.every((matches) => matches(seen)), 2),
  orStatement: logical((all, seen) => all.some((matches) => matches(seen)), 2),
  notStatement: logical((all, seen) => !all.some((matches) => matches(seen)), 1),
  byteMatchStatement: {
    fault: (block) => {
      const position = oneOf(...Object.keys(POSITIONS))(block["positionalConstraint"] ?? "", block);
      if (position !== undefined) return `positionalConstraint: ${position}`;
      const { length } = text(block, "searchString");
      if (length < 1 || length > 200) return `searchString has 1 to 200 characters, not ${length}`;
      return fieldFault(block, false);
    },
    matcher: (block) => {
      const [read, wanted] = [textsOf(block), text(block, "searchString")];
      const fits = POSITIONS[text(block, "positionalConstraint")] ?? (() => false);
      return ({ asked }) => read(asked).some((value) => fits(value, wanted));
    },
    capacity: (block) => (text(block, "positionalConstraint").startsWith("CONTAINS") ? 10 : 2) + transformations(block),
  },
  labelMatchStatement: {
    fault: (block) => oneOf("LABEL", "NAMESPACE")(block["scope"] ?? "", block),
    matcher: (block) => {
      const [key, scope] = [text(block, "key"), text(block, "scope")];
      return ({ labels }) => [...labels].some((label) => carries(label, key, scope));
    },
    capacity: () => 1,
  },
  regexMatchStatement: {
    fault: (block) => patternFault(text(block, "regexString")) ?? fieldFault(block, false),
    matcher: (block) => {
      const [read, pattern] = [textsOf(block), new RegExp(text(block, "regexString"))];
      return ({ asked }) => read(asked).some((value) => pattern.test(value));
    },
    capacity: (block) => 3 + transformations(block),
  },
  sizeConstraintStatement: {
    fault: (block) => {
      const operator = oneOf(...Object.keys(COMPARISONS))(block["comparisonOperator"] ?? "", block);
      if (operator !== undefined) return `comparisonOperator: ${operator}`;
      const size = between(0, 21_474_836_480)(block["size"] ?? -1, block);
      return size === undefined ? fieldFault(block, true) : `size: ${size}`;
    },
    matcher: (block) => {
      const [read, size] = [textsOf(block), Number(block["size"])];
      const compares = COMPARISONS[text(block, "comparisonOperator")] ?? (() => false);
      if (valuesAt(block, "fieldToMatch.body").length > 0) return ({ asked }) => compares(bodySize(asked), size);
      return ({ asked }) => read(asked).some((value) => compares(Buffer.byteLength(value), size));
    },
    capacity: (block) => 1 + transformations(block),
  },
  [RATE]: {
    fault: (block) => rateFault(block, nestedFault),
    matcher: (block) => rateMatcher(block, matcherOf),
    capacity: (block) => rateCapacity(block, capacityOf),
  },
  [MANAGED]: {
    fault: (block) => groupFault(block, nestedFault),
    // What its rules find is more than yes or no: the rule that holds the group asks them itself.
    matcher: (block) => matcherOf(isProps(block["scopeDownStatement"]) ? block["scopeDownStatement"] : {}),
    capacity: managedCapacity,
  },
};
const NAMES = [...Object.keys(KINDS), ...Object.keys(UNPLAYED)];

/** What is wrong with the statement of a rule. */
export function statementFault(statement: Value | undefined): string | undefined {
  if (!isProps(statement)) return "a statement must be an object";
  const kinds = given(statement, NAMES);
  if (kinds.length !== 1) return `a statement has exactly one of ${NAMES.join(", ")} (given: ${kinds.join(" and ") || "none"})`;
  const [kind = ""] = kinds;
  const unplayed = UNPLAYED[kind];
  if (unplayed !== undefined) return `the sandbox does not play ${kind}: ${unplayed}`;
  const fault = KINDS[kind]?.fault(blockOf(statement, kind));
  return fault === undefined ? undefined : `${kind}: ${fault}`;
}

/** Whether the statement is true of a request. One of no kind is true of all. */
export function matcherOf(statement: Props): Matcher {
  const [kind] = given(statement, Object.keys(KINDS));
  return kind === undefined ? () => true : (KINDS[kind]?.matcher(blockOf(statement, kind)) ?? (() => false));
}

/** What the statement costs, in web ACL capacity units. */
export function capacityOf(statement: Props): number {
  const [kind] = given(statement, Object.keys(KINDS));
  return kind === undefined ? 0 : (KINDS[kind]?.capacity(blockOf(statement, kind)) ?? 0);
}

/** A statement inside another is neither a group nor counts requests (AWS WAF Developer Guide, "Nesting"). */
function nestedFault(statement: Value | undefined): string | undefined {
  const [kind] = isProps(statement) ? given(statement, [RATE, MANAGED]) : [];
  return kind === undefined ? statementFault(statement) : `${kind} stands in a rule by itself, not inside another statement`;
}

function logical(decides: (all: readonly Matcher[], seen: Seen) => boolean, least: number): Kind {
  const nested = (block: Props): Props[] => [...valuesAt(block, "statements[]"), ...valuesAt(block, "statement")].filter(isProps);
  return {
    fault: (block) => {
      const all = nested(block);
      if (all.length < least)
        return `needs ${least === 1 ? "a statement" : `at least ${least} statements`} (given: ${all.length})`;
      return all.map(nestedFault).find((fault) => fault !== undefined);
    },
    matcher: (block) => {
      const all = nested(block).map(matcherOf);
      return (seen) => decides(all, seen);
    },
    capacity: (block) => nested(block).reduce((sum, statement) => sum + capacityOf(statement), 0),
  };
}

function patternFault(pattern: string): string | undefined {
  if (pattern.length < 1 || pattern.length > 512) return `regexString has 1 to 512 characters, not ${pattern.length}`;
  try {
    new RegExp(pattern);
    return undefined;
  } catch (error) {
    return `regexString: ${shown(pattern)} is not a pattern: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** Whether a label is the one that is asked for, or lies in the namespace; both may be given without what stands before them. */
function carries(label: string, key: string, scope: string): boolean {
  if (scope === "LABEL") return label === key || label.endsWith(`:${key}`);
  const namespace = label.slice(0, label.lastIndexOf(":") + 1);
  return namespace.startsWith(key) || namespace.includes(`:${key}`);
}

function transformations(block: Props): number {
  return TRANSFORMATION * valuesAt(block, "textTransformations[].type").filter((type) => type !== "NONE").length;
}

function blockOf(statement: Props, kind: string): Props {
  const block = statement[kind];
  return isProps(block) ? block : {};
}

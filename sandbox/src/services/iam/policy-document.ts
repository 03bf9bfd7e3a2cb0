import { CloudError } from "../../core/definition.ts";
import { faultInAction } from "./action-names.ts";
import { instant, isRange } from "./condition-values.ts";

/** Where a policy stands decides what its statements must and must not hold. */
export type PolicyKind = "identity" | "resource" | "trust";

/** One statement, with every one-or-many element as a list. Absent elements are undefined. */
export interface Statement {
  readonly sid?: string;
  readonly effect: "Allow" | "Deny";
  readonly actions?: readonly string[];
  readonly notActions?: readonly string[];
  readonly resources?: readonly string[];
  readonly notResources?: readonly string[];
  readonly principals?: Principals;
  readonly notPrincipals?: Principals;
  /** Operator → condition key → values. */
  readonly conditions: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

/** Principal type (`AWS`, `Service`, `Federated`, `CanonicalUser`) → who; `"*"` alone is `{ AWS: ["*"] }` and stands for everyone. */
export type Principals = Readonly<Record<string, readonly string[]>>;

const STATEMENT_KEYS = [
  "Sid",
  "Effect",
  "Action",
  "NotAction",
  "Resource",
  "NotResource",
  "Principal",
  "NotPrincipal",
  "Condition",
];
const OPERATOR =
  /^(ForAllValues:|ForAnyValue:)?(String(Not)?(Equals|EqualsIgnoreCase|Like)|Numeric(Not)?Equals|Numeric(Less|Greater)Than(Equals)?|Date(Not)?Equals|Date(Less|Greater)Than(Equals)?|Bool|BinaryEquals|(Not)?IpAddress|Arn(Not)?(Equals|Like))(IfExists)?$|^Null$/;

/** What the values of an operator have to be. IAM stores others too, and they never match. */
const VALUES: readonly { readonly operators: RegExp; readonly are: string; readonly fits: (value: string) => boolean }[] = [
  { operators: /IpAddress/, are: "an IP address or a range such as 203.0.113.0/24", fits: isRange },
  { operators: /Numeric/, are: "a number", fits: (value) => value.trim() !== "" && !Number.isNaN(Number(value)) },
  {
    operators: /Date/,
    are: "a date such as 2026-03-01T12:00:00Z, or seconds since 1970",
    fits: (value) => !Number.isNaN(instant(value)),
  },
  { operators: /^(For\w+:)?(Bool|Null)/, are: "true or false", fits: (value) => /^(true|false)$/i.test(value) },
];

/**
 * Reads a policy document. Throws {@link CloudError} `MalformedPolicyDocument` (the code may be given, as services differ) that says what is wrong and where.
 * Action names must exist; the real service lets some misspelt ones pass, and a policy that silently grants nothing is what the sandbox is there to catch.
 */
export function parsePolicy(document: string, kind: PolicyKind, code = "MalformedPolicyDocument"): readonly Statement[] {
  const fail = (reason: string): never => {
    throw new CloudError(code, reason);
  };
  const policy = readJson(document, fail);
  for (const key of Object.keys(policy)) {
    if (!["Version", "Id", "Statement"].includes(key))
      fail(`Syntax errors in policy: "${key}" is not an element of a policy (Version, Id, Statement)`);
  }
  const version = policy["Version"];
  if (version !== undefined && version !== "2012-10-17" && version !== "2008-10-17") {
    fail(`The policy's Version is ${JSON.stringify(version)}; it must be "2012-10-17" or "2008-10-17"`);
  }
  if (kind === "identity" && version !== "2012-10-17") fail("Policy document must be version 2012-10-17 or greater.");
  const statements = policy["Statement"];
  const list = Array.isArray(statements) ? (statements as unknown[]) : statements === undefined ? [] : [statements];
  if (list.length === 0) fail("Syntax errors in policy: it has no Statement");
  const read = list.map((statement, index) =>
    readStatement(statement, kind, (reason) => fail(`Statement ${index + 1}: ${reason}`)),
  );
  const sids = read.flatMap(({ sid }) => (sid === undefined || sid === "" ? [] : [sid]));
  if (new Set(sids).size < sids.length) fail("Statement IDs (SID) in a single policy must be unique.");
  return read;
}

type Fail = (reason: string) => never;

function readJson(document: string, fail: Fail): Record<string, unknown> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(document);
  } catch (error) {
    return fail(`This policy contains invalid Json: ${(error as Error).message}`);
  }
  return isObject(parsed) ? parsed : fail("Syntax errors in policy: it is not a JSON object");
}

function readStatement(value: unknown, kind: PolicyKind, fail: Fail): Statement {
  if (!isObject(value)) return fail("is not a JSON object");
  for (const key of Object.keys(value)) if (!STATEMENT_KEYS.includes(key)) fail(`"${key}" is not an element of a statement`);
  const effect = value["Effect"];
  if (effect !== "Allow" && effect !== "Deny") return fail(`Effect is ${JSON.stringify(effect)}; it must be "Allow" or "Deny"`);
  const lists = {
    actions: words(value, "Action", fail),
    notActions: words(value, "NotAction", fail),
    resources: words(value, "Resource", fail),
    notResources: words(value, "NotResource", fail),
  };
  const actions = lists.actions ?? lists.notActions ?? [];
  if (actions.length === 0 || (lists.actions !== undefined && lists.notActions !== undefined)) {
    fail("Policy statement must contain actions.");
  }
  for (const action of actions) {
    const fault = faultInAction(action);
    if (fault !== undefined) fail(fault);
  }
  if (kind === "trust" && !actions.every((action) => /^sts:/i.test(action))) {
    fail("AssumeRole policy may only specify STS AssumeRole actions.");
  }
  if (lists.resources !== undefined && lists.notResources !== undefined)
    fail("has both Resource and NotResource; it must have one");
  checkResources(lists.resources ?? lists.notResources, kind, fail);
  const principals = readPrincipals(value["Principal"], fail);
  const notPrincipals = readPrincipals(value["NotPrincipal"], fail);
  const named = principals ?? notPrincipals;
  if (principals !== undefined && notPrincipals !== undefined) fail("has both Principal and NotPrincipal; it must have one");
  if (kind === "identity" && named !== undefined) fail("Policy document should not specify a principal.");
  if (kind !== "identity" && named === undefined) fail("Missing required field Principal");
  const sid = value["Sid"];
  if (sid !== undefined && (typeof sid !== "string" || (kind === "identity" && !/^[0-9A-Za-z]*$/.test(sid)))) {
    return fail("Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*");
  }
  return present({
    sid,
    effect,
    ...lists,
    principals,
    notPrincipals,
    conditions: readConditions(value["Condition"], fail),
  });
}

function checkResources(resources: readonly string[] | undefined, kind: PolicyKind, fail: Fail): void {
  if (kind === "trust") {
    if (resources !== undefined) fail("Has prohibited field Resource");
    return;
  }
  if (resources === undefined || resources.length === 0) return fail("Policy statement must contain resources.");
  for (const resource of resources) {
    if (resource !== "*" && !/^arn:[^:]*:[^:]*:[^:]*:[^:]*:.+$/.test(resource))
      fail(`Resource ${resource} must be in ARN format or "*".`);
  }
}

function readPrincipals(value: unknown, fail: Fail): Principals | undefined {
  if (value === undefined) return undefined;
  if (value === "*") return { AWS: ["*"] };
  if (!isObject(value)) return fail('Principal must be "*" or an object such as {"Service": "ec2.amazonaws.com"}');
  const entries = Object.keys(value).map((type) => {
    if (!["AWS", "Service", "Federated", "CanonicalUser"].includes(type)) fail(`Invalid principal in policy: "${type}"`);
    return [type, words(value, type, fail) ?? []] as const;
  });
  if (entries.every(([, who]) => who.length === 0)) fail("Missing required field Principal");
  return Object.fromEntries(entries);
}

function readConditions(value: unknown, fail: Fail): Statement["conditions"] {
  if (value === undefined) return {};
  if (!isObject(value)) return fail("Condition must be an object");
  return Object.fromEntries(
    Object.entries(value).map(([operator, keys]) => {
      if (!OPERATOR.test(operator)) fail(`Invalid Condition type : ${operator}.`);
      if (!isObject(keys)) return fail(`Condition ${operator} must be an object of condition keys`);
      return [
        operator,
        Object.fromEntries(Object.keys(keys).map((key) => [key, conditionValues(keys[key], operator, key, fail)])),
      ];
    }),
  );
}

function conditionValues(value: unknown, operator: string, key: string, fail: Fail): string[] {
  const where = `${operator}.${key}`;
  const allowed = VALUES.find(({ operators }) => operators.test(operator));
  return (Array.isArray(value) ? (value as unknown[]) : [value]).map((item) => {
    if (typeof item !== "string" && typeof item !== "boolean" && typeof item !== "number") {
      return fail(`Condition ${where} must be text, a number or a boolean`);
    }
    const text = String(item);
    // A variable has its value only when somebody asks.
    if (allowed !== undefined && !text.includes("${") && !allowed.fits(text))
      fail(`Condition ${where}: "${text}" is not ${allowed.are}`);
    return text;
  });
}

function words(from: Record<string, unknown>, name: string, fail: Fail): string[] | undefined {
  const value = from[name];
  if (value === undefined) return undefined;
  return (Array.isArray(value) ? (value as unknown[]) : [value]).map((item) =>
    typeof item === "string" ? item : fail(`${name} must be a string or a list of strings`),
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Leaves out what is undefined. */
function present(statement: { [K in keyof Statement]: Statement[K] | undefined }): Statement {
  return Object.fromEntries(Object.entries(statement).filter(([, value]) => value !== undefined)) as unknown as Statement;
}

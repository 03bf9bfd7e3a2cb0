import type { Check } from "../framework/check.ts";
import { Property } from "../framework/property.ts";
import { isRecord } from "../framework/values.ts";

type OneOrMore<T> = T | readonly T[];

/** A statement of an IAM policy document (IAM User Guide, "JSON policy element reference"). */
export interface Statement {
  readonly Sid?: string;
  readonly Effect?: string;
  readonly Action?: OneOrMore<string>;
  readonly NotAction?: OneOrMore<string>;
  readonly Resource?: OneOrMore<string>;
  readonly NotResource?: OneOrMore<string>;
  readonly Principal?: unknown;
  readonly NotPrincipal?: unknown;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, OneOrMore<string>>>>>;
}

/** Judges the statements of a policy one by one; the policy is JSON text or an object. Text that is no policy is a violation. */
export function eachStatement<Config>(
  policy: Property<unknown>,
  { apart, each, fail }: Check<Config>,
  judge: (statement: Property<Statement>) => void,
): void {
  apart(() => {
    const document = documentOf(policy);
    if (document === undefined) fail(policy, `${policy.path} is no JSON object`, "it must be a policy document");
    else each(document.at("Statement"), (statement) => judge(statement as Property<Statement>));
  });
}

/** {@link eachStatement} for those that allow something. */
export function eachAllowed<Config>(
  policy: Property<unknown>,
  check: Check<Config>,
  judge: (statement: Property<Statement>) => void,
): void {
  eachStatement(policy, check, (statement) => {
    if (statement.at("Effect").value === "Allow") judge(statement);
  });
}

/** How a message names a statement: by its Sid, or by its place. */
export function nameOf(statement: Property<Statement>): string {
  const sid = statement.at("Sid").value;
  return sid === undefined || sid === "" ? statement.path : `statement "${sid}"`;
}

/** A document that is not there at all has no statements. */
function documentOf(policy: Property<unknown>): Property<{ Statement?: unknown }> | undefined {
  if (!policy.isSet) return new Property({}, policy.path);
  // An object may hold parts that are not known yet; only text has to be known as a whole.
  if (policy.entries.length > 0) return policy.as();
  const text = policy.value;
  if (typeof text !== "string") return undefined;
  try {
    const document: unknown = JSON.parse(text);
    return isRecord(document) ? new Property(document, policy.path) : undefined;
  } catch {
    return undefined;
  }
}

import type { PolicyArgs } from "@pulumi/aws/iam/policy.js";
import type { RoleArgs } from "@pulumi/aws/iam/role.js";
import type { RolePolicyArgs } from "@pulumi/aws/iam/rolePolicy.js";
import type { Check } from "../framework/check.ts";
import { Property } from "../framework/property.ts";
import type { Resource, ResourceWith } from "../framework/resource.ts";
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

/**
 * The `resources` of a rule about what identities may do: customer managed policies, and the inline policies of roles, users
 * and groups. The judge gets every
 * statement that allows something.
 */
export function ofIdentityPolicies<Config>(judge: (statement: Property<Statement>, check: Check<Config>) => void) {
  const ofPolicy = (resource: Resource<PolicyArgs | RolePolicyArgs>, check: Check<Config>): void => {
    eachAllowed(resource.at("policy"), check, (statement) => {
      judge(statement, check);
    });
  };
  return {
    "aws:iam/policy:Policy": ofPolicy,
    "aws:iam/rolePolicy:RolePolicy": ofPolicy,
    "aws:iam/userPolicy:UserPolicy": ofPolicy,
    "aws:iam/groupPolicy:GroupPolicy": ofPolicy,
    "aws:iam/role:Role": (role: Resource<RoleArgs>, check: Check<Config>) => {
      check.each(role.at("inlinePolicies"), (inline) => {
        eachAllowed(inline.at("policy"), check, (statement) => {
          judge(statement, check);
        });
      });
    },
  };
}

/** Whether an action of a policy, which may hold `*` and `?`, covers an action such as `kms:Decrypt`. */
export function covers(pattern: string, action: string): boolean {
  const literal = pattern
    .replace(/[\\^$.+()[\]{}|]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${literal}$`, "i").test(action);
}

/** Condition keys that bind a statement to someone or to somewhere (IAM User Guide, "Meaning of public" of S3 and KMS). */
const BINDING_KEYS: ReadonlySet<string> = new Set(
  [
    "aws:PrincipalAccount aws:PrincipalArn aws:PrincipalOrgID aws:PrincipalOrgPaths aws:PrincipalServiceName aws:SourceAccount aws:SourceArn",
    "aws:SourceIp aws:SourceOrgID aws:SourceOrgPaths aws:SourceOwner aws:SourceVpc aws:SourceVpce aws:VpcSourceIp aws:userid",
    "kms:CallerAccount s3:DataAccessPointAccount s3:DataAccessPointArn lambda:EventSourceToken",
  ]
    .join(" ")
    .toLowerCase()
    .split(" "),
);

/**
 * Whether a statement is open to everyone: its principal is `*`, or any AWS account, and no condition binds it.
 * @throws UnknownInput when that depends on what is not known
 */
export function isOpenToEveryone(statement: Property<Statement>): boolean {
  if (statement.at("NotPrincipal").isSet) return !isBound(statement);
  const principal = statement.at("Principal").as<unknown>();
  const named = principal.entries.filter(([kind]) => kind === "AWS" || kind === "*").flatMap(([, who]) => who.items);
  const everyone = (principal.entries.length > 0 ? named : principal.items).some(({ value }) => value === "*");
  return everyone && !isBound(statement);
}

function isBound(statement: Property<Statement>): boolean {
  return statement.at("Condition").entries.some(
    ([operator, tests]) =>
      // A "Not" names who is shut out, and an "IfExists" lets everyone in who leaves the key out.
      !/not|ifexists|null/i.test(operator) &&
      tests.entries.some(
        ([key, values]) =>
          BINDING_KEYS.has(key.toLowerCase()) &&
          values.isSet &&
          values.items.every(({ value }) => !["", "*", "0.0.0.0/0", "::/0"].includes(String(value))),
      ),
  );
}

/**
 * The check of a rule by which no statement in the `policy` of a resource lets everyone in.
 * @param may ends the sentence "STATEMENT lets everyone ..."
 */
export function closedToEveryone(may: string) {
  return (resource: ResourceWith<{ readonly policy?: unknown }>, check: Check<unknown>): void => {
    eachAllowed(resource.at("policy"), check, (statement) => {
      if (isOpenToEveryone(statement))
        check.fail(statement, `${nameOf(statement)} lets everyone ${may}`, "it must name who may, or bind them by a condition");
    });
  };
}

/** How a message names a statement: by its Sid, or by its place. */
export function nameOf(statement: Property<Statement>): string {
  const sid = statement.at("Sid").value;
  return sid === undefined || sid === "" ? statement.path : `statement "${sid}"`;
}

/**
 * A policy document, from JSON text or an object; undefined when the text is none. One that is not there at all has no
 * statements.
 */
export function documentOf(policy: Property<unknown>): Property<{ Statement?: unknown }> | undefined {
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

import { randomBytes } from "node:crypto";
import type { Cloud } from "../../core/cloud.ts";
import { CloudError, type Reference, type Resource } from "../../core/definition.ts";
import { text, type Value } from "../../core/values.ts";
import { all, type Limit, matching, ofLength } from "../limits.ts";
import { PREFIX_SUFFIX_LENGTH } from "../names.ts";
import { isManagedPolicyArn } from "./managed-policies.ts";
import { parsePolicy, type PolicyKind } from "./policy-document.ts";
import { POLICY, ROLE } from "./roles.ts";

const CHARACTERS = matching(/^[\w+=,.@-]*$/, "letters, digits and _+=,.@- are");

/** Limits of an entity's `name` and `namePrefix`. Source: IAM User Guide, "IAM and AWS STS quotas", name requirements. */
export function nameLimits(longest: number): Readonly<Record<"name" | "namePrefix", Limit>> {
  const conflict: Limit = (_value, inputs) =>
    inputs["name"] === undefined || inputs["name"] === null ? undefined : '"namePrefix" conflicts with "name": give one of them';
  return {
    name: all(ofLength(1, longest), CHARACTERS),
    namePrefix: all(ofLength(1, longest - PREFIX_SUFFIX_LENGTH), CHARACTERS, conflict),
  };
}

/** A path begins and ends with a slash. */
export const pathLimit = all(
  ofLength(1, 512),
  matching(/^\/(?:[\u0021-\u007e]+\/)?$/, "a path begins and ends with a slash, such as /service/"),
);

/**
 * The policy must be one that IAM takes; what it says of principals is left to {@link requirePrincipals}. The code may be given, as services differ.
 */
export function policyLimit(kind: PolicyKind, code?: string): Limit {
  return (value) => {
    try {
      parsePolicy(documentText(value), kind, code);
      return undefined;
    } catch (error) {
      if (error instanceof CloudError) return `${error.code}: ${error.message}`;
      throw error;
    }
  };
}

/** A policy document as text; a program may also give it as an object. */
export function documentText(value: Value | undefined): string {
  if (value === undefined || value === null) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** The length of a policy as IAM counts it: white space is free. */
export function policySize(document: string): number {
  return document.replace(/\s/g, "").length;
}

/** An id in IAM's shape: the kind's prefix (`AROA`, `AIPA`, `ANPA`) and 17 capital letters and digits. */
export function uniqueId(prefix: "AROA" | "AIPA" | "ANPA"): string {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  return prefix + [...randomBytes(17)].map((byte) => letters.charAt(byte % letters.length)).join("");
}

/** Now, as IAM shows dates: `2026-03-01T12:00:00Z`. */
export function timestamp(cloud: Cloud): string {
  return new Date(cloud.now()).toISOString().replace(/\.\d+Z$/, "Z");
}

/** Throws `EntityAlreadyExists` if the account has one of that type and name already: in any region, and whatever the capitals. */
export function requireFree(cloud: Cloud, type: string, name: string, message: string): void {
  const taken = cloud.world.all(type).some((row) => nameOf(row).toLowerCase() === name.toLowerCase());
  if (taken) throw new CloudError("EntityAlreadyExists", message, 409);
}

/** The error for more than the account may have. */
export function exceeded(quota: string, limit: number): CloudError {
  return new CloudError("LimitExceeded", `Cannot exceed quota for ${quota}: ${limit}`, 409);
}

/** The error for a role that is not there. */
export function noSuchRole(name: string): CloudError {
  return new CloudError("NoSuchEntity", `The role with name ${name} cannot be found.`, 404);
}

/** An input that names a role by its name. What a role holds on to is for the role's own deletion to say. */
export const roleReference: Reference = { path: "role", to: ROLE, missing: noSuchRole };

/** An input that names a managed policy by its ARN, which then cannot be deleted. AWS's own policies are always there. */
export function policyReference(path: string): Reference {
  return {
    path,
    to: POLICY,
    by: ["arn"],
    missing: (arn) =>
      isManagedPolicyArn(arn)
        ? undefined
        : new CloudError("NoSuchEntity", `Policy ${arn} does not exist or is not attachable.`, 404),
    inUse: () => new CloudError("DeleteConflict", "Cannot delete a policy attached to entities.", 409),
  };
}

function nameOf(row: Resource): string {
  return text(row.outputs, "name") || row.id;
}

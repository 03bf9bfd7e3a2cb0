import type { Cloud } from "../../core/cloud.ts";
import { CloudError, type Resource } from "../../core/definition.ts";
import { text } from "../../core/values.ts";
import { parsePolicy, type Statement } from "../iam/policy-document.ts";
import { RecoveryWindow, type Waiting } from "../recovery-window.ts";
import { destroyMaterial } from "./material.ts";

export const KEY = "aws:kms/key:Key";
export const ALIAS = "aws:kms/alias:Alias";

/** The keys that wait for their deletion. */
export const keyRecovery = new RecoveryWindow("kms-deleted", (cloud, { id, region, outputs }) => {
  destroyMaterial(cloud, text(outputs, "arn"));
  const named = cloud.world.all(ALIAS).filter((row) => row.region === region && row.outputs["targetKeyId"] === id);
  for (const alias of named) cloud.world.drop(alias);
});

/**
 * The key an id, ARN, alias name or alias ARN stands for. Throws, in KMS's words, `NotFoundException`, or `KMSInvalidStateException` if it waits
 * for its deletion.
 */
export function requireKey(cloud: Cloud, name: string, region: string): Resource {
  const wanted = aliased(cloud, name, region);
  const key = cloud.world.all(KEY).find((row) => row.region === region && (row.id === wanted || row.outputs["arn"] === wanted));
  if (key !== undefined) return key;
  const pending = pendingKey(cloud, name, region);
  if (pending !== undefined)
    throw new CloudError("KMSInvalidStateException", `${text(pending.outputs, "arn")} is pending deletion.`);
  throw new CloudError("NotFoundException", `${name.includes("alias/") ? "Alias" : "Key"} '${name}' does not exist`);
}

/** The key of that name (as {@link requireKey} takes it) which waits for its deletion. */
export function pendingKey(cloud: Cloud, name: string, region: string): Waiting | undefined {
  const wanted = aliased(cloud, name, region);
  return keyRecovery.waiting(cloud, region).find(({ id, outputs }) => id === wanted || outputs["arn"] === wanted);
}

/** Throws `DisabledException` if the key is switched off. */
export function requireUsable(key: Resource): void {
  if (key.outputs["isEnabled"] === false) throw new CloudError("DisabledException", `${text(key.outputs, "arn")} is disabled.`);
}

/** A key's own policy; where none was given, the default that hands the decision to the account's IAM policies. */
export function policyOfKey(cloud: Cloud, key: Pick<Resource, "outputs">): readonly Statement[] {
  return parsePolicy(policyTextOf(cloud, key), "resource", "MalformedPolicyDocumentException");
}

/** The same policy as text. */
export function policyTextOf(cloud: Cloud, key: Pick<Resource, "outputs">): string {
  return text(key.outputs, "policy") || defaultKeyPolicy(cloud.account);
}

/** The policy KMS gives a key that came without one. */
export function defaultKeyPolicy(account: string): string {
  const statement = {
    Sid: "Enable IAM User Permissions",
    Effect: "Allow",
    Principal: { AWS: `arn:aws:iam::${account}:root` },
    Action: "kms:*",
    Resource: "*",
  };
  return JSON.stringify({ Id: "key-default-1", Version: "2012-10-17", Statement: [statement] });
}

/** The key's id or ARN behind a name that may be an alias. */
function aliased(cloud: Cloud, name: string, region: string): string {
  const alias = cloud.world.all(ALIAS).find((row) => row.region === region && (row.id === name || row.outputs["arn"] === name));
  return alias === undefined ? name : text(alias.outputs, "targetKeyId");
}

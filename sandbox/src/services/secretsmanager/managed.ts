import { randomBytes } from "node:crypto";
import type { Cloud } from "../../core/cloud.ts";
import { CloudError } from "../../core/definition.ts";
import { arn as makeArn } from "../../core/ids.ts";
import { dropVersions, putVersion, requireSecret, requireVersion, SECRET } from "./store.ts";

/** What a service decides about a secret that it owns, such as the master password of a database. */
export interface ManagedSecretArgs {
  /** The whole name, such as `rds!cluster-5a1f...`. */
  readonly name: string;
  readonly description: string;
  readonly value: string;
  /** The key that encrypts it. @default - the account's `aws/secretsmanager` key */
  readonly kmsKeyId?: string;
  readonly region: string;
  /** The service that owns it, such as `rds`. */
  readonly owningService: string;
}

/**
 * Makes a secret that a service manages: a row without a URN, so the engine never sees it, and its first value. One change: nested in the
 * caller's, it stays or goes with it. Throws `ResourceExistsException` if the name is taken in the region.
 */
export function createManagedSecret(cloud: Cloud, args: ManagedSecretArgs): { readonly arn: string } {
  const taken = cloud.world.all(SECRET).some((row) => row.region === args.region && row.outputs["name"] === args.name);
  if (taken)
    throw new CloudError("ResourceExistsException", `The operation failed because the secret ${args.name} already exists.`);
  const arn = secretArn(cloud.account, args.region, args.name);
  const inputs = {
    name: args.name,
    description: args.description,
    ...(args.kmsKeyId === undefined ? {} : { kmsKeyId: args.kmsKeyId }),
  };
  cloud.world.change(() => {
    cloud.world.put({
      type: SECRET,
      id: arn,
      urn: "",
      region: args.region,
      inputs,
      outputs: { ...inputs, arn, id: arn, owningService: args.owningService, tags: {}, tagsAll: {} },
      phase: "ready",
      claimed: true,
    });
    putVersion(cloud, arn, { string: args.value });
  });
  return { arn };
}

/** Deletes such a secret and its values at once; one that is gone is fine. */
export function deleteManagedSecret(cloud: Cloud, arn: string): void {
  const row = cloud.world.get(SECRET, arn);
  cloud.world.change(() => {
    if (row !== undefined) cloud.world.drop(row);
    dropVersions(cloud, arn);
  });
}

/** The current value of a secret, by ARN or name. Throws `ResourceNotFoundException` if there is no such secret or it has no string value. */
export function secretValue(cloud: Cloud, arnOrName: string): string {
  const version = requireVersion(cloud, requireSecret(cloud, arnOrName).id, {});
  if (version.string !== undefined) return version.string;
  throw new CloudError("ResourceNotFoundException", `The secret ${arnOrName} holds binary data, not a string.`);
}

/** A new secret's ARN: the name and six random characters, so that a name used again does not inherit old permissions. */
export function secretArn(account: string, region: string, name: string): string {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  const suffix = [...randomBytes(6)].map((byte) => letters[byte % letters.length] ?? "a").join("");
  return makeArn("secretsmanager", region, account, `secret:${name}-${suffix}`);
}

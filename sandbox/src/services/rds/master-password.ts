import { randomBytes, randomUUID } from "node:crypto";
import type { Cloud } from "../../core/cloud.ts";
import type { Operation, Resource } from "../../core/definition.ts";
import { type Props, text } from "../../core/values.ts";
import { createManagedSecret, deleteManagedSecret, secretValue } from "../secretsmanager/managed.ts";
import { putVersion } from "../secretsmanager/store.ts";
import { invalidValue, keyArnIn } from "./errors.ts";

/** Letters that RDS draws managed passwords from: printable, without what connection strings stumble over. */
const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&()*+-.:;<=>?[]^_{|}~";
const LENGTH = 28;

/** The master's password as the world knows it; undefined for a restored cluster that was given none: it has the one in its data. */
export function masterPassword(cloud: Cloud, cluster: Resource): string | undefined {
  const secret = secretArnOf(cluster.outputs);
  if (secret !== undefined) return text(JSON.parse(secretValue(cloud, secret)) as Props, "password");
  return text(cluster.inputs, "masterPassword") || text(cluster.inputs, "masterPasswordWo") || undefined;
}

/**
 * The `masterUserSecrets` output: makes the secret that RDS manages when it is asked for, deletes it when it no longer is. Part of the caller's change.
 */
export function manageSecret(operation: Operation, clusterArn: string, username: string, before: Props = {}): Props {
  const { cloud, inputs, region } = operation;
  const known = secretArnOf(before);
  if (inputs["manageMasterUserPassword"] !== true) {
    if (known !== undefined) deleteManagedSecret(cloud, known);
    return { masterUserSecrets: [] };
  }
  const kmsKeyId = keyArnIn(operation, "masterUserSecretKmsKeyId", "secretsmanager");
  if (known !== undefined) return { masterUserSecrets: [{ kmsKeyId, secretArn: known, secretStatus: "active" }] };
  const { arn: secretArn } = createManagedSecret(cloud, {
    name: `rds!cluster-${randomUUID()}`,
    description: `The secret associated with the primary RDS DB cluster: ${clusterArn}`,
    value: secretJson(username),
    region,
    owningService: "rds",
    ...(text(inputs, "masterUserSecretKmsKeyId") === "" ? {} : { kmsKeyId }),
  });
  return { masterUserSecrets: [{ kmsKeyId, secretArn, secretStatus: "active" }] };
}

/** Deletes the managed secret with its cluster. */
export function dropSecret(cloud: Cloud, cluster: Resource): void {
  const secret = secretArnOf(cluster.outputs);
  if (secret !== undefined) deleteManagedSecret(cloud, secret);
}

/** Puts a new password into the managed secret; the server takes it over when it is refreshed. Throws `InvalidParameterValue` where RDS manages none. */
export function renewSecret(cloud: Cloud, cluster: Resource): void {
  const secret = secretArnOf(cluster.outputs);
  if (secret === undefined)
    throw invalidValue(`The master user password of ${cluster.id} isn't managed by RDS in AWS Secrets Manager.`);
  cloud.world.change(() => putVersion(cloud, secret, { string: secretJson(text(cluster.outputs, "masterUsername")) }));
}

/** Refuses passwords as RDS does; a managed or absent one is fine. */
export function requirePassword(inputs: Props): void {
  const given = text(inputs, "masterPassword") || text(inputs, "masterPasswordWo");
  if (given === "") return;
  const refuse = (why: string): never => {
    throw invalidValue(`The parameter MasterUserPassword is not a valid password${why}`);
  };
  if (given.length < 8) refuse(" because it is shorter than 8 characters.");
  if (given.length > 99) refuse(" because it is longer than 99 characters.");
  if (!/^[!-~]+$/.test(given) || /[/@"]/.test(given))
    refuse(`. Only printable ASCII characters besides '/', '@', '"', ' ' may be used.`);
}

/** Refuses an end of RDS' management without a password that comes in its place; `before` are the outputs so far. */
export function requireOtherPassword(inputs: Props, before: Props): void {
  const given = text(inputs, "masterPassword") || text(inputs, "masterPasswordWo");
  if (secretArnOf(before) !== undefined && inputs["manageMasterUserPassword"] !== true && given === "")
    throw invalidValue("The parameter MasterUserPassword must be provided and must not be blank.");
}

function secretArnOf(outputs: Props): string | undefined {
  const secrets = outputs["masterUserSecrets"];
  const first = Array.isArray(secrets) ? secrets[0] : undefined;
  return first === undefined || first === null ? undefined : text(first as Props, "secretArn") || undefined;
}

function secretJson(username: string): string {
  const limit = 256 - (256 % LETTERS.length);
  const letters: string[] = [];
  while (letters.length < LENGTH) {
    // A byte above the last whole multiple would make the first letters likelier.
    letters.push(...[...randomBytes(LENGTH)].filter((byte) => byte < limit).map((byte) => LETTERS[byte % LETTERS.length] ?? ""));
  }
  return JSON.stringify({ username, password: letters.slice(0, LENGTH).join("") });
}

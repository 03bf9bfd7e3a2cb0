import { createCipheriv, createDecipheriv, createHash, randomBytes } from "node:crypto";
import type { Cloud } from "../../core/cloud.ts";
import { CloudError, type Resource } from "../../core/definition.ts";
import { text, type Props } from "../../core/values.ts";
import { parsePolicy, type Statement } from "../iam/policy-document.ts";

export const KEY = "aws:kms/key:Key";
export const ALIAS = "aws:kms/alias:Alias";

/** The key an id, ARN, alias name or alias ARN stands for. Throws `NotFoundException` in KMS's words. */
export function requireKey(cloud: Cloud, name: string, region: string): Resource {
  const keys = cloud.world.all(KEY).filter((row) => row.region === region);
  const alias = cloud.world.all(ALIAS).find((row) => row.region === region && (row.id === name || row.outputs["arn"] === name));
  const wanted = alias === undefined ? name : text(alias.outputs, "targetKeyId");
  const key = keys.find((row) => row.id === wanted || row.outputs["arn"] === wanted);
  if (key !== undefined) return key;
  const [what, shown] = name.includes("alias/") ? ["Alias", name] : ["Key", name];
  throw new CloudError("NotFoundException", `${what} '${shown}' does not exist`);
}

/** A key's own policy; where none was given, the default that hands the decision to the account's IAM policies. */
export function policyOfKey(cloud: Cloud, key: Resource): readonly Statement[] {
  const document = text(key.outputs, "policy");
  return parsePolicy(
    document === "" ? defaultKeyPolicy(cloud.account) : document,
    "resource",
    "MalformedPolicyDocumentException",
  );
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

/** Makes a key's secret. Called once, in the change that makes the key. */
export function makeSecret(cloud: Cloud, arn: string): void {
  cloud.world.space<string>("kms").set(arn, randomBytes(32).toString("base64"));
}

/** Destroys a key's secret: nothing encrypted under it can be read again. */
export function destroySecret(cloud: Cloud, arn: string): void {
  cloud.world.space<string>("kms").delete(arn);
}

/** Encrypts under a key: AES-256-GCM, with the key's ARN in front so that Decrypt finds it. At most 4096 bytes go through KMS itself. */
export function encrypt(cloud: Cloud, key: Resource, plaintext: Buffer, context: Props): Buffer {
  if (plaintext.length > 4096) {
    throw new CloudError(
      "ValidationException",
      "1 validation error detected: Value at 'plaintext' failed to satisfy constraint: Member must have length less than or equal to 4096",
    );
  }
  const arn = Buffer.from(text(key.outputs, "arn"));
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", usableSecret(cloud, key), nonce).setAAD(canonical(context));
  const sealed = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  return Buffer.concat([Buffer.from([1, arn.length]), arn, nonce, cipher.getAuthTag(), sealed]);
}

/** The ARN of the key a ciphertext names. Throws `InvalidCiphertextException`. */
export function keyOfCiphertext(blob: Buffer): string {
  const length = blob[1] ?? 0;
  if (blob[0] !== 1 || blob.length < 2 + length + 28) throw new CloudError("InvalidCiphertextException", "");
  return blob.subarray(2, 2 + length).toString();
}

/** Opens what {@link encrypt} sealed; another encryption context, or a changed byte, is an `InvalidCiphertextException`. */
export function decrypt(cloud: Cloud, key: Resource, blob: Buffer, context: Props): Buffer {
  const body = blob.subarray(2 + (blob[1] ?? 0));
  const decipher = createDecipheriv("aes-256-gcm", usableSecret(cloud, key), body.subarray(0, 12)).setAAD(canonical(context));
  decipher.setAuthTag(body.subarray(12, 28));
  try {
    return Buffer.concat([decipher.update(body.subarray(28)), decipher.final()]);
  } catch {
    throw new CloudError("InvalidCiphertextException", "");
  }
}

function usableSecret(cloud: Cloud, key: Resource): Buffer {
  const arn = text(key.outputs, "arn");
  if (key.outputs["isEnabled"] === false) throw new CloudError("DisabledException", `${arn} is disabled.`);
  const secret = cloud.world.space<string>("kms").get(arn);
  if (secret === undefined) throw new CloudError("KMSInvalidStateException", `${arn} is pending deletion.`);
  return Buffer.from(secret, "base64");
}

function canonical(context: Props): Buffer {
  const entries = Object.entries(context).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash("sha256").update(JSON.stringify(entries)).digest();
}

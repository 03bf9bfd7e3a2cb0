import { createCipheriv, createDecipheriv, createHash, randomBytes } from "node:crypto";
import type { Cloud } from "../../core/cloud.ts";
import { CloudError, type Resource } from "../../core/definition.ts";
import { text, type Props } from "../../core/values.ts";
import { requireUsable } from "./keys.ts";
import { materialsOf } from "./material.ts";

/** What a ciphertext begins with: this version of the format. */
const FORMAT = 1;
const NONCE = 12;
const TAG = 16;

/** Bytes that one call may encrypt or decrypt (KMS API Reference, Encrypt, `Plaintext`). */
const LONGEST = 4096;

/** Encrypts under a key: AES-256-GCM; the key's ARN and which of its secrets it was stand in front, so that Decrypt finds both. */
export function encrypt(cloud: Cloud, key: Resource, plaintext: Buffer, context: Props): Buffer {
  if (plaintext.length < 1 || plaintext.length > LONGEST) {
    const rule = plaintext.length < 1 ? "greater than or equal to 1" : `less than or equal to ${LONGEST}`;
    throw new CloudError(
      "ValidationException",
      `1 validation error detected: Value at 'plaintext' failed to satisfy constraint: Member must have length ${rule}`,
    );
  }
  const arn = Buffer.from(text(key.outputs, "arn"));
  const number = materialsOf(cloud, key).length - 1;
  const nonce = randomBytes(NONCE);
  const cipher = createCipheriv("aes-256-gcm", secretOf(cloud, key, number), nonce).setAAD(canonical(context));
  const sealed = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  return Buffer.concat([Buffer.from([FORMAT, arn.length]), arn, Buffer.from([number]), nonce, cipher.getAuthTag(), sealed]);
}

/** The ARN of the key a ciphertext names. Throws `InvalidCiphertextException` for anything that {@link encrypt} did not make. */
export function keyOfCiphertext(blob: Buffer): string {
  const length = blob[1] ?? 0;
  if (blob[0] !== FORMAT || blob.length <= 2 + length + 1 + NONCE + TAG) throw invalid();
  const arn = blob.subarray(2, 2 + length).toString();
  if (!/^arn:aws:kms:[^:]+:\d{12}:key\/[0-9a-f-]{36}$/.test(arn)) throw invalid();
  return arn;
}

/** Opens what {@link encrypt} sealed; another encryption context, or a changed byte, is an `InvalidCiphertextException`. */
export function decrypt(cloud: Cloud, key: Resource, blob: Buffer, context: Props): Buffer {
  const body = blob.subarray(2 + (blob[1] ?? 0));
  const secret = secretOf(cloud, key, body[0] ?? 0);
  const [nonce, tag, sealed] = [
    body.subarray(1, 1 + NONCE),
    body.subarray(1 + NONCE, 1 + NONCE + TAG),
    body.subarray(1 + NONCE + TAG),
  ];
  const decipher = createDecipheriv("aes-256-gcm", secret, nonce).setAAD(canonical(context)).setAuthTag(tag);
  try {
    return Buffer.concat([decipher.update(sealed), decipher.final()]);
  } catch {
    throw invalid();
  }
}

function secretOf(cloud: Cloud, key: Resource, number: number): Buffer {
  requireUsable(key);
  const material = materialsOf(cloud, key)[number];
  if (material === undefined) throw invalid();
  return Buffer.from(material.secret, "base64");
}

/** KMS says nothing more, so that nobody learns anything from it. */
function invalid(): CloudError {
  return new CloudError("InvalidCiphertextException", "");
}

function canonical(context: Props): Buffer {
  const entries = Object.entries(context).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash("sha256").update(JSON.stringify(entries)).digest();
}

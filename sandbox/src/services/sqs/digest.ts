import { createHash } from "node:crypto";
import type { MessageAttribute } from "./store.ts";

/** MD5 in hexadecimal digits: SQS's checksum, by which clients see that a message came through whole. */
export function md5(data: string | Uint8Array): string {
  return createHash("md5").update(data).digest("hex");
}

/**
 * The MD5 of message attributes. Source: SQS developer guide, "Calculating the MD5 message digest for message attributes": sorted by name, each part with
 * its length in four bytes before it, and a byte that says whether the value is text (1) or binary (2).
 */
export function md5OfAttributes(attributes: Readonly<Record<string, MessageAttribute>>): string {
  const parts = Object.entries(attributes)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([name, { type, value }]) => {
      const isBinary = type.startsWith("Binary");
      const bytes = isBinary ? Buffer.from(value, "base64") : Buffer.from(value);
      return [sized(Buffer.from(name)), sized(Buffer.from(type)), Buffer.from([isBinary ? 2 : 1]), sized(bytes)];
    });
  return md5(Buffer.concat(parts));
}

function sized(bytes: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

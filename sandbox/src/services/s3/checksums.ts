import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import { CloudError } from "../../core/definition.ts";

/** A checksum over data that comes in pieces. */
export interface Checksum {
  update(chunk: Uint8Array): void;
  /** Base64, as the `x-amz-checksum-*` headers carry it. */
  digest(): string;
}

/** The algorithms, by the last part of the header's name. */
const CHECKSUMS: ReadonlyMap<string, () => Checksum> = new Map([
  ["crc32", plainCrc32],
  ["crc32c", crc32c],
  ["crc64nvme", crc64nvme],
  ["md5", () => hashed("md5")],
  ["sha1", () => hashed("sha1")],
  ["sha256", () => hashed("sha256")],
  ["sha512", () => hashed("sha512")],
]);

/** A new checksum of that algorithm, whatever the capitals. Throws `InvalidRequest` for one that the sandbox does not compute (the xxHash family). */
export function checksumNamed(algorithm: string): Checksum {
  const make = CHECKSUMS.get(algorithm.toLowerCase());
  if (make !== undefined) return make();
  throw new CloudError(
    "InvalidRequest",
    `The sandbox does not compute the checksum algorithm ${algorithm}; it computes ${[...CHECKSUMS.keys()].join(", ").toUpperCase()}.`,
  );
}

function hashed(algorithm: string): Checksum {
  const hash = createHash(algorithm);
  return {
    update: (chunk) => {
      hash.update(chunk);
    },
    digest: () => hash.digest("base64"),
  };
}

function plainCrc32(): Checksum {
  let value = 0;
  return {
    update: (chunk) => {
      value = crc32(chunk, value);
    },
    digest: () => fourBytes(value),
  };
}

const CASTAGNOLI = Int32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = (value >>> 1) ^ (value & 1 ? 0x82f63b78 : 0);
  return value;
});

function crc32c(): Checksum {
  let value = -1;
  return {
    update: (chunk) => {
      for (const byte of chunk) value = (value >>> 8) ^ (CASTAGNOLI[(value ^ byte) & 0xff] ?? 0);
    },
    digest: () => fourBytes(~value >>> 0),
  };
}

// Two 32-bit halves: BigInt arithmetic for each byte would be some fifty times slower.
const NVME = Array.from({ length: 256 }, (_, byte) => {
  let value = BigInt(byte);
  for (let bit = 0; bit < 8; bit++) value = (value >> 1n) ^ (value & 1n ? 0x9a6c9329ac4bc9b5n : 0n);
  return [Number(value >> 32n) | 0, Number(value & 0xffffffffn) | 0] as const;
});
const NVME_HIGH = Int32Array.from(NVME, ([high]) => high);
const NVME_LOW = Int32Array.from(NVME, ([, low]) => low);

function crc64nvme(): Checksum {
  let high = -1;
  let low = -1;
  return {
    update: (chunk) => {
      for (const byte of chunk) {
        const index = (low ^ byte) & 0xff;
        low = ((low >>> 8) | (high << 24)) ^ (NVME_LOW[index] ?? 0);
        high = (high >>> 8) ^ (NVME_HIGH[index] ?? 0);
      }
    },
    digest: () => {
      const bytes = Buffer.alloc(8);
      bytes.writeInt32BE(~high, 0);
      bytes.writeInt32BE(~low, 4);
      return bytes.toString("base64");
    },
  };
}

function fourBytes(value: number): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes.toString("base64");
}

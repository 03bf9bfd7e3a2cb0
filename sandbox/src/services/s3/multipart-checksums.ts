import { CloudError } from "../../core/definition.ts";
import type { Cloud } from "../../core/cloud.ts";
import { readBlob } from "./blobs.ts";
import { header, type S3Target } from "./call.ts";
import { checksumNamed } from "./checksums.ts";
import type { Part, Upload } from "./objects.ts";

/** Algorithms whose parts cannot be put together to a checksum of checksums, and those that have no other kind (S3 User Guide, "Checking object integrity"). */
const FULL_ONLY = ["crc64nvme"];
const COMPOSITE_ONLY = ["sha1", "sha256", "sha512", "md5"];

/** The checksum that an upload is begun with; undefined for none. Throws `InvalidRequest` for a pair that there is not. */
export function checksumOfUpload(call: S3Target): Upload["checksum"] {
  const algorithm = header(call, "x-amz-checksum-algorithm")?.toLowerCase();
  if (algorithm === undefined) return undefined;
  checksumNamed(algorithm);
  const type = header(call, "x-amz-checksum-type") ?? (FULL_ONLY.includes(algorithm) ? "FULL_OBJECT" : "COMPOSITE");
  const forbidden = type === "FULL_OBJECT" ? COMPOSITE_ONLY : FULL_ONLY;
  if ((type !== "FULL_OBJECT" && type !== "COMPOSITE") || forbidden.includes(algorithm)) {
    throw new CloudError("InvalidRequest", `The ${type} checksum type cannot be used with the ${algorithm} checksum algorithm.`);
  }
  return { algorithm, type };
}

/** The headers that say what checksum the upload has. */
export function uploadChecksumHeaders({ checksum }: Pick<Upload, "checksum">): Record<string, string> {
  if (checksum === undefined) return {};
  return { "x-amz-checksum-algorithm": checksum.algorithm.toUpperCase(), "x-amz-checksum-type": checksum.type };
}

/** The name of an algorithm in XML: `ChecksumCRC32`. */
export function checksumElement(algorithm: string): string {
  return `Checksum${algorithm.toUpperCase()}`;
}

/** The checksum headers of the whole object. Throws `BadDigest` if the client sent another one along with its list of parts. */
export async function wholeChecksum(call: S3Target, upload: Upload, parts: readonly Part[]): Promise<Record<string, string>> {
  const { checksum } = upload;
  if (checksum === undefined) return {};
  const name = `x-amz-checksum-${checksum.algorithm}`;
  const value =
    checksum.type === "COMPOSITE" ? composite(checksum.algorithm, parts) : await full(call.cloud, checksum.algorithm, parts);
  const said = header(call, name);
  if (said !== undefined && said !== value && said !== value.replace(/-\d+$/, "")) {
    throw new CloudError(
      "BadDigest",
      `The ${checksum.algorithm.toUpperCase()} you specified did not match the calculated checksum.`,
    );
  }
  return { [name]: value, "x-amz-checksum-type": checksum.type };
}

/** The checksum of the parts' checksums, and how many they are. */
function composite(algorithm: string, parts: readonly Part[]): string {
  const sum = checksumNamed(algorithm);
  for (const part of parts) sum.update(Buffer.from(part.checksum ?? "", "base64"));
  return `${sum.digest()}-${parts.length}`;
}

async function full(cloud: Cloud, algorithm: string, parts: readonly Part[]): Promise<string> {
  const sum = checksumNamed(algorithm);
  for (const { blob } of parts) {
    if (blob.size === 0) continue;
    for await (const chunk of readBlob(cloud.home, blob.id, 0, blob.size - 1)) sum.update(chunk as Buffer);
  }
  return sum.digest();
}

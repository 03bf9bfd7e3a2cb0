import { Readable } from "node:stream";
import type { Cloud } from "../../core/cloud.ts";
import { removeBlobs, writeBlob } from "./blobs.ts";
import { BUCKET, encryptionOf, retentionOf } from "./buckets.ts";
import { storeObject } from "./objects.ts";

/**
 * Puts an object that a service of AWS itself writes, such as a log file, into a bucket; resolves with whether that is there. Whether the service may is a matter
 * of its own: it is looked at when the service is told to write.
 */
export async function deliverObject(
  cloud: Cloud,
  bucket: string,
  key: string,
  body: Buffer,
  contentType: string,
): Promise<boolean> {
  const row = cloud.world.get(BUCKET, bucket);
  if (row === undefined || row.phase === "deleting") return false;
  const blob = await writeBlob(cloud.home, Readable.from([body]));
  const { governance, until: retainUntil } = retentionOf(cloud, bucket);
  const { unused } = storeObject(cloud, bucket, key, {
    size: blob.size,
    etag: blob.md5,
    blobs: [{ id: blob.id, size: blob.size }],
    headers: { "content-type": contentType, "x-amz-server-side-encryption": encryptionOf(cloud, bucket).algorithm },
    retainUntil,
    governance,
  });
  await removeBlobs(cloud.home, unused);
  return true;
}

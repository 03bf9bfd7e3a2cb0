import type { Cloud } from "../../core/cloud.ts";
import { CloudError, type Resource } from "../../core/definition.ts";
import { forget } from "./bucket-memory.ts";
import { BUCKET, versioningOf } from "./buckets.ts";
import { emptyBucket, holdsAnything, isLocked, listObjects } from "./objects.ts";

/**
 * Takes away all that belongs to a bucket: uploads in progress, its configurations, and with `force` its objects; not the bucket's own row.
 * Throws `BucketNotEmpty`, or `AccessDenied` where `force` meets an object that its retention protects from everybody.
 */
export function removeBucket(cloud: Cloud, bucket: Resource, force: boolean): void {
  if (!force && holdsAnything(cloud, bucket.id)) throw notEmpty(cloud, bucket.id);
  if (listObjects(cloud, bucket.id).some(([, versions]) => versions.some((version) => isLocked(cloud, version, true)))) {
    throw new CloudError("AccessDenied", "Access Denied because object protected by object lock.", 403);
  }
  cloud.world.change(() => {
    emptyBucket(cloud, bucket.id);
    for (const row of cloud.world.all()) {
      if (row.type.startsWith("aws:s3/bucket") && row.type !== BUCKET && row.inputs["bucket"] === bucket.id)
        cloud.world.drop(row);
    }
    forget(cloud, bucket.id);
  });
}

/** The refusal of a bucket name the account already has. */
export function alreadyOwned(): CloudError {
  return new CloudError(
    "BucketAlreadyOwnedByYou",
    "Your previous request to create the named bucket succeeded and you already own it.",
    409,
  );
}

function notEmpty(cloud: Cloud, bucket: string): CloudError {
  const versions = versioningOf(cloud, bucket) === "Disabled" ? "" : ". You must delete all versions in the bucket.";
  return new CloudError("BucketNotEmpty", `The bucket you tried to delete is not empty${versions}`, 409);
}

import type { Cloud } from "../../core/cloud.ts";
import type { Space } from "../../core/world.ts";

/** What stays true of a bucket when the configuration that made it so is taken away. */
// A type, not an interface: only a type alias may stand where the world's JSON values are asked for.
export type BucketMemory = {
  /** Versioning was on once: it can be suspended, never undone (S3 User Guide, "Using versioning in S3 buckets"). */
  versioned?: boolean;
  /** The public access block that every new bucket has was taken away (S3 User Guide, "Blocking public access"). */
  opened?: boolean;
};

/** What is remembered of a bucket. */
export function memoryOf(cloud: Cloud, bucket: string): BucketMemory {
  return space(cloud).get(bucket) ?? {};
}

/** Adds to it. */
export function remember(cloud: Cloud, bucket: string, fact: BucketMemory): void {
  space(cloud).set(bucket, { ...memoryOf(cloud, bucket), ...fact });
}

/** Forgets the bucket. */
export function forget(cloud: Cloud, bucket: string): void {
  space(cloud).delete(bucket);
}

function space(cloud: Cloud): Space<BucketMemory> {
  return cloud.world.space<BucketMemory>("s3-bucket");
}

import type { BucketArgs } from "@pulumi/aws/s3/bucket.js";
import type { Check } from "../framework/check.ts";
import type { Resource } from "../framework/resource.ts";
import type { Stack } from "../framework/stack.ts";

/** A bucket. What it has beyond its name stands in resources of their own, one a setting; older programs wrote it into the bucket. */
export type Bucket = Resource<BucketArgs>;

/** A setting of a bucket that is a resource of its own. */
type Companion =
  | "BucketLifecycleConfiguration"
  | "BucketLogging"
  | "BucketOwnershipControls"
  | "BucketPolicy"
  | "BucketPublicAccessBlock"
  | "BucketServerSideEncryptionConfiguration"
  | "BucketVersioning";

/** The `inStack` of a rule about buckets, under both names that the provider has for them. */
export function ofBuckets<Config>(judge: (bucket: Bucket, check: Check<Config>, stack: Stack) => void) {
  return { "aws:s3/bucket:Bucket": judge, "aws:s3/bucketV2:BucketV2": judge };
}

/** The resources that set something for a bucket, under both names that the provider has for them. @throws UnknownInput as `Stack.linked` does */
export function companions<Args>(stack: Stack, bucket: Bucket, name: Companion): readonly Resource<Args>[] {
  return stack.linked<Args & { readonly bucket?: unknown }>([tokenOf(name), tokenOf(`${name}V2`)], "bucket", bucket);
}

function tokenOf(name: string): string {
  return `aws:s3/${name.charAt(0).toLowerCase()}${name.slice(1)}:${name}`;
}

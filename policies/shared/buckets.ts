import type { BucketArgs } from "@pulumi/aws/s3/bucket.js";
import type { BucketLifecycleConfigurationArgs } from "@pulumi/aws/s3/bucketLifecycleConfiguration.js";
import type { BucketLoggingArgs } from "@pulumi/aws/s3/bucketLogging.js";
import type { Check } from "../framework/check.ts";
import type { Property } from "../framework/property.ts";
import type { Resource } from "../framework/resource.ts";
import type { Stack } from "../framework/stack.ts";

/**
 * A bucket. What it has beyond its name stands in resources of their own, one a setting; older programs wrote it into the
 * bucket.
 */
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

/**
 * The resources that set something for a bucket, under both names that the provider has for them. @throws UnknownInput as
 * `Stack.linked` does
 */
export function companions<Args>(stack: Stack, bucket: Bucket, name: Companion): readonly Resource<Args>[] {
  return stack.linked<Args & { readonly bucket?: unknown }>([tokenOf(name), tokenOf(`${name}V2`)], "bucket", bucket);
}

function tokenOf(name: string): string {
  return `aws:s3/${name.charAt(0).toLowerCase()}${name.slice(1)}:${name}`;
}

/** Whether other buckets write their access logs into it. */
export function isLogTarget(stack: Stack, bucket: Bucket): boolean {
  const tokens = [tokenOf("BucketLogging"), tokenOf("BucketLoggingV2")];
  return stack.linked<BucketLoggingArgs>(tokens, "targetBucket", bucket).length > 0;
}

/** A lifecycle rule, wherever it was written. */
export interface LifecycleRule {
  readonly isOn: boolean;
  readonly expiresVersions: Property<unknown>;
  readonly abortsUploads: Property<unknown>;
}

/** The lifecycle rules of a bucket, from its BucketLifecycleConfiguration or from the bucket itself. */
export function lifecycleRules(stack: Stack, bucket: Bucket): LifecycleRule[] {
  const own = companions<BucketLifecycleConfigurationArgs>(stack, bucket, "BucketLifecycleConfiguration");
  return [
    ...own
      .flatMap((each) => each.at("rules").items)
      .map((each) => ({
        isOn: each.at("status").value === "Enabled",
        expiresVersions: each.at("noncurrentVersionExpiration"),
        abortsUploads: each.at("abortIncompleteMultipartUpload"),
      })),
    ...bucket.at("lifecycleRules").items.map((each) => ({
      isOn: each.at("enabled").value === true,
      expiresVersions: each.at("noncurrentVersionExpiration"),
      abortsUploads: each.at("abortIncompleteMultipartUploadDays"),
    })),
  ];
}

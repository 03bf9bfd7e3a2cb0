import { Bucket } from "@pulumi/aws/s3/bucket.js";
import { BucketLifecycleConfiguration } from "@pulumi/aws/s3/bucketLifecycleConfiguration.js";
import { BucketOwnershipControls } from "@pulumi/aws/s3/bucketOwnershipControls.js";
import { BucketPublicAccessBlock } from "@pulumi/aws/s3/bucketPublicAccessBlock.js";
import { BucketServerSideEncryptionConfiguration } from "@pulumi/aws/s3/bucketServerSideEncryptionConfiguration.js";
import { BucketVersioning } from "@pulumi/aws/s3/bucketVersioning.js";
import type * as pulumi from "@pulumi/pulumi";
import type { Tags } from "../shared/tags.ts";
import { CLOSED } from "./bucket-rules.ts";

/** What differs between private buckets. */
export interface PrivateBucketArgs {
  /** ARN of the KMS key that encrypts the objects. @default - S3's own key */
  readonly keyArn?: pulumi.Input<string>;
  /** The rule about what leaves the bucket by itself, and after how long; uploads that were never finished leave after a week. */
  readonly expiry: {
    readonly id: string;
    readonly expiration?: { readonly days: number };
    readonly noncurrentVersionExpiration: { readonly noncurrentDays: number };
  };
  /** Whether the bucket refuses to be deleted. */
  readonly protect: boolean;
  /** Whether deleting the bucket deletes its objects; without, S3 deletes an empty one only. @default - the contrary of `protect` */
  readonly forceDestroy?: boolean;
  readonly tags: Tags;
}

/** A bucket, and the lock against the public that a policy of it has to wait for. */
export interface PrivateBucket {
  readonly bucket: Bucket;
  /** Two writers of bucket-level access at once get OperationAborted from S3, so a policy waits for this one. */
  readonly closed: BucketPublicAccessBlock;
}

/**
 * A bucket that is versioned, encrypted and closed to the public, as children of `opts.parent`: `<name>-bucket`, `-owner`, `-closed`, `-versions`, `-encryption` and `-lifecycle`. Who
 * may read and write is the caller's to add, in a policy.
 */
export function privateBucket(name: string, args: PrivateBucketArgs, opts: { readonly parent: pulumi.Resource }): PrivateBucket {
  const { expiry, keyArn, protect, tags } = args;
  const { forceDestroy = !protect } = args;
  const created = new Bucket(`${name}-bucket`, { forceDestroy, tags }, { ...opts, protect });
  const bucket = created.id;
  new BucketOwnershipControls(`${name}-owner`, { bucket, rule: { objectOwnership: "BucketOwnerEnforced" } }, opts);
  const closed = new BucketPublicAccessBlock(`${name}-closed`, { bucket, ...CLOSED }, opts);
  const versioning = new BucketVersioning(`${name}-versions`, { bucket, versioningConfiguration: { status: "Enabled" } }, opts);
  const rules = [keyArn === undefined ? ownKeyOfS3() : ourKey(keyArn)];
  new BucketServerSideEncryptionConfiguration(`${name}-encryption`, { bucket, rules }, opts);
  const whole = { status: "Enabled", filter: { prefix: "" } };
  const lifecycle = [
    { ...whole, ...expiry },
    { id: "broken-uploads", ...whole, abortIncompleteMultipartUpload: { daysAfterInitiation: 7 } },
  ];
  // S3 accepts rules about old versions only once versioning is on.
  new BucketLifecycleConfiguration(`${name}-lifecycle`, { bucket, rules: lifecycle }, { ...opts, dependsOn: [versioning] });
  return { bucket: created, closed };
}

function ownKeyOfS3() {
  return { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } };
}

function ourKey(kmsMasterKeyId: pulumi.Input<string>) {
  return { applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId }, bucketKeyEnabled: true };
}

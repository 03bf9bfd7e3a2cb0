import { Bucket } from "@pulumi/aws/s3/bucket.js";
import { BucketLifecycleConfiguration } from "@pulumi/aws/s3/bucketLifecycleConfiguration.js";
import { BucketOwnershipControls } from "@pulumi/aws/s3/bucketOwnershipControls.js";
import { BucketPolicy } from "@pulumi/aws/s3/bucketPolicy.js";
import { BucketPublicAccessBlock } from "@pulumi/aws/s3/bucketPublicAccessBlock.js";
import { BucketServerSideEncryptionConfiguration } from "@pulumi/aws/s3/bucketServerSideEncryptionConfiguration.js";
import { BucketVersioning } from "@pulumi/aws/s3/bucketVersioning.js";
import * as pulumi from "@pulumi/pulumi";
import { policyDocument } from "../shared/iam.ts";
import { backedUp, type Tags } from "../shared/tags.ts";
import { CLOSED, tlsOnly } from "./bucket-rules.ts";

/** What the caller decides about an {@link ObjectStore}. */
export interface ObjectStoreArgs {
  /** ARN of the KMS key that encrypts the objects. */
  readonly keyArn: pulumi.Input<string>;
  /** Days for which an overwritten or deleted object can be brought back. @default 90 */
  readonly oldVersionDays?: number;
  /** Whether the bucket refuses to be deleted. Without it, deleting the bucket deletes its objects. @default true */
  readonly protect?: boolean;
  /** Put on everything that takes tags. */
  readonly tags: Tags;
}

/**
 * A private S3 bucket: versioned, encrypted with our key, closed to the public, reached over TLS only, with old versions cleared away.
 *
 * **Cost**: 0.0245 USD a GB and month, 0.0054 USD for 1,000 writes, 0.00043 USD for 1,000 reads (Frankfurt); old versions count as well.
 */
export class ObjectStore extends pulumi.ComponentResource {
  /** The bucket's name, unique in the world. */
  readonly bucketName: pulumi.Output<string>;
  /** Its ARN. */
  readonly bucketArn: pulumi.Output<string>;

  constructor(name: string, args: ObjectStoreArgs, opts?: pulumi.ComponentResourceOptions) {
    const { keyArn, oldVersionDays = 90, protect = true, tags } = args;
    super("platform:storage:ObjectStore", name, {}, opts);
    const child = { parent: this };

    const bucket = new Bucket(`${name}-bucket`, { forceDestroy: !protect, tags: backedUp(tags) }, { parent: this, protect });
    new BucketOwnershipControls(`${name}-owner`, { bucket: bucket.id, rule: { objectOwnership: "BucketOwnerEnforced" } }, child);
    const closed = new BucketPublicAccessBlock(`${name}-closed`, { bucket: bucket.id, ...CLOSED }, child);
    const versioning = new BucketVersioning(
      `${name}-versions`,
      { bucket: bucket.id, versioningConfiguration: { status: "Enabled" } },
      child,
    );
    const encryption = {
      applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: keyArn },
      bucketKeyEnabled: true,
    };
    new BucketServerSideEncryptionConfiguration(`${name}-encryption`, { bucket: bucket.id, rules: [encryption] }, child);
    // S3 accepts rules about old versions only once versioning is on.
    new BucketLifecycleConfiguration(
      `${name}-lifecycle`,
      { bucket: bucket.id, rules: lifecycle(oldVersionDays) },
      { parent: this, dependsOn: [versioning] },
    );
    // Two writers of bucket-level access at once get OperationAborted from S3, so one waits for the other.
    new BucketPolicy(
      `${name}-tls`,
      { bucket: bucket.id, policy: policyDocument([tlsOnly(bucket.arn)]) },
      { parent: this, dependsOn: [closed] },
    );

    this.bucketName = bucket.bucket;
    this.bucketArn = bucket.arn;
    this.registerOutputs({ bucketName: this.bucketName, bucketArn: this.bucketArn });
  }
}

function lifecycle(noncurrentDays: number) {
  return [
    { id: "old-versions", status: "Enabled", filter: { prefix: "" }, noncurrentVersionExpiration: { noncurrentDays } },
    {
      id: "broken-uploads",
      status: "Enabled",
      filter: { prefix: "" },
      abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
    },
  ];
}

import { BucketPolicy } from "@pulumi/aws/s3/bucketPolicy.js";
import * as pulumi from "@pulumi/pulumi";
import { policyDocument } from "../shared/iam.ts";
import { backedUp, type Tags } from "../shared/tags.ts";
import { tlsOnly } from "./bucket-rules.ts";
import { privateBucket } from "./private-bucket.ts";

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
    const { bucket, closed } = privateBucket(
      name,
      {
        keyArn,
        expiry: { id: "old-versions", noncurrentVersionExpiration: { noncurrentDays: oldVersionDays } },
        protect,
        tags: backedUp(tags),
      },
      { parent: this },
    );
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

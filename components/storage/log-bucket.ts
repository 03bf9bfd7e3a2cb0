import { BucketPolicy } from "@pulumi/aws/s3/bucketPolicy.js";
import * as pulumi from "@pulumi/pulumi";
import { requireBetween } from "../shared/checks.ts";
import { policyDocument, type Statement } from "../shared/iam.ts";
import type { Tags } from "../shared/tags.ts";
import { tlsOnly } from "./bucket-rules.ts";
import { privateBucket } from "./private-bucket.ts";

/** What the caller decides about a {@link LogBucket}. */
export interface LogBucketArgs {
  /** The account whose logs are kept; the bucket takes those of no other. */
  readonly accountId: string;
  /** The AWS service that writes, such as `delivery.logs.amazonaws.com`. */
  readonly service: string;
  /** For which resources the service may write: a pattern of ARNs. */
  readonly sourceArn: string;
  /** Days for which a log is kept. @default 90 */
  readonly days?: number;
  /** Whether the bucket refuses to be deleted. @default true */
  readonly protect?: boolean;
  /** Whether the bucket stays in the cloud when it leaves the stack, until its logs expire. Without it, it goes with its logs. @default - the same as `protect` */
  readonly keep?: boolean;
  /** Put on everything that takes tags. */
  readonly tags: Tags;
}

/**
 * A private bucket into which one AWS service writes its logs, below `AWSLogs/`, and in which they expire.
 *
 * It is encrypted with S3's own key: the services that write access logs take no other.
 *
 * **Cost**: 0.0245 USD a GB and month, 0.0054 USD for 1,000 files (Frankfurt); a load balancer writes a file every five minutes for each of its zones.
 */
export class LogBucket extends pulumi.ComponentResource {
  /** The bucket's name; known once the service may write into it. */
  readonly bucketName: pulumi.Output<string>;
  /** Its ARN. */
  readonly bucketArn: pulumi.Output<string>;

  constructor(name: string, args: LogBucketArgs, opts?: pulumi.ComponentResourceOptions) {
    const { days = 90, protect = true, tags } = args;
    const { keep = protect } = args;
    requireBetween(`LogBucket "${name}": days`, days, 1, 3650);
    super("platform:storage:LogBucket", name, {}, { ...opts, retainOnDelete: keep });
    const { bucket, closed } = privateBucket(
      name,
      {
        expiry: { id: "old-logs", expiration: { days }, noncurrentVersionExpiration: { noncurrentDays: 7 } },
        protect,
        forceDestroy: !keep,
        tags,
      },
      { parent: this },
    );
    const policy = new BucketPolicy(
      `${name}-writer`,
      { bucket: bucket.id, policy: policyDocument([tlsOnly(bucket.arn), writer(bucket.arn, args)]) },
      { parent: this, dependsOn: [closed] },
    );

    this.bucketName = pulumi.all([bucket.bucket, policy.id]).apply(([id]) => id);
    this.bucketArn = bucket.arn;
    this.registerOutputs({ bucketName: this.bucketName, bucketArn: this.bucketArn });
  }
}

function writer(bucketArn: pulumi.Output<string>, { accountId, service, sourceArn }: LogBucketArgs): Statement {
  return {
    Sid: "TheServiceWrites",
    Action: "s3:PutObject",
    Principal: { Service: service },
    Resource: pulumi.interpolate`${bucketArn}/AWSLogs/${accountId}/*`,
    Condition: { ArnLike: { "aws:SourceArn": sourceArn } },
  };
}

import { OriginAccessControl } from "@pulumi/aws/cloudfront/originAccessControl.js";
import * as pulumi from "@pulumi/pulumi";
import { requireBetween } from "../shared/checks.ts";
import { copied, type Tags } from "../shared/tags.ts";
import { privateBucket } from "./private-bucket.ts";

/** What the caller decides about {@link StaticAssets}. */
export interface StaticAssetsArgs {
  /** Days for which an overwritten or deleted file can be brought back. @default 30 */
  readonly oldVersionDays?: number;
  /** Whether the bucket refuses to be deleted. Without it, deleting the bucket deletes its files. @default true */
  readonly protect?: boolean;
  /** Put on everything that takes tags. */
  readonly tags: Tags;
}

/**
 * A private bucket of a release's files (scripts, styles, pictures), read by one content delivery network and nobody else.
 *
 * The files are built with each release and stand in its image as well, so the bucket holds nothing that could be lost. A file's name holds a hash of what is in
 * it, so files of the release before stay, and a page that somebody still has open goes on to work.
 *
 * Who may read is a matter of the network: it writes the bucket's policy, because only it knows its own ARN.
 *
 * **Cost**: 0.0245 USD a GB and month, 0.0054 USD for 1,000 writes (Frankfurt); reads by CloudFront are free.
 */
export class StaticAssets extends pulumi.ComponentResource {
  /** The bucket's name, unique in the world. */
  readonly bucketName: pulumi.Output<string>;
  /** Its ARN. */
  readonly bucketArn: pulumi.Output<string>;
  /** Under which the network reaches it. */
  readonly domainName: pulumi.Output<string>;
  /** By which CloudFront signs what it asks of the bucket. */
  readonly accessControlId: pulumi.Output<string>;

  constructor(name: string, args: StaticAssetsArgs, opts?: pulumi.ComponentResourceOptions) {
    const { oldVersionDays: noncurrentDays = 30, protect = true } = args;
    requireBetween(`StaticAssets "${name}": oldVersionDays`, noncurrentDays, 1, 3650);
    super("platform:storage:StaticAssets", name, {}, opts);
    // S3's own key: what everybody may see needs no key of ours, and CloudFront no leave to use it.
    const { bucket, closed } = privateBucket(
      name,
      { expiry: { id: "old-versions", noncurrentVersionExpiration: { noncurrentDays } }, protect, tags: copied(args.tags) },
      { parent: this },
    );
    const control = new OriginAccessControl(
      `${name}-access`,
      {
        description: "Signs what the network asks of the bucket",
        originAccessControlOriginType: "s3",
        signingBehavior: "always",
        signingProtocol: "sigv4",
      },
      { parent: this },
    );

    this.bucketName = pulumi.all([bucket.bucket, closed.id]).apply(([id]) => id);
    this.bucketArn = bucket.arn;
    this.domainName = bucket.bucketRegionalDomainName;
    this.accessControlId = control.id;
    this.registerOutputs({ bucketName: this.bucketName, bucketArn: this.bucketArn });
  }
}

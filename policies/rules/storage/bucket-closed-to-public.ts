import { Bucket } from "@pulumi/aws/s3/bucket.js";
import { BucketPublicAccessBlock } from "@pulumi/aws/s3/bucketPublicAccessBlock.js";
import type { PolicyResource, StackValidationPolicy } from "@pulumi/policy";
import { askEach, shown } from "../../shared/check.ts";
import { fsbp } from "../../shared/framework.ts";

const LOCKS = ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"] as const;

export const bucketClosedToPublic: StackValidationPolicy = {
  name: "bucket-closed-to-public",
  description: "Every bucket has a public access block with all four locks, so that no later policy or ACL can open it.",
  enforcementLevel: "mandatory",
  severity: "critical",
  tags: ["storage", "exposure"],
  framework: fsbp("S3.8"),
  remediationSteps: `Add an aws.s3.BucketPublicAccessBlock for the bucket with ${LOCKS.join(", ")} all true.`,
  validateStack: ({ resources }, report) => {
    const blocks = resources.filter((resource) => resource.isType(BucketPublicAccessBlock));
    const buckets = resources.filter((resource) => resource.isType(Bucket));
    // One unknown bucket hides none of the others.
    askEach(
      buckets.map((bucket) => () => {
        for (const message of faults(bucket, blocks)) report(message, bucket.urn);
        return undefined;
      }),
      report,
    );
  },
};

function faults(bucket: PolicyResource, blocks: readonly PolicyResource[]): string[] {
  const block = blocks.find((candidate) => guards(candidate, bucket));
  if (block === undefined) return ["the bucket has no BucketPublicAccessBlock; it must have one with all four locks."];
  return LOCKS.filter((lock) => block.props[lock] !== true).map(
    (lock) => `${lock} of "${block.name}" is ${shown(block.props[lock])}; it must be true.`,
  );
}

/** The engine knows which bucket a block takes its name from even while that name is not known; a name in plain text is compared. */
function guards(block: PolicyResource, bucket: PolicyResource): boolean {
  const sources = block.propertyDependencies["bucket"] ?? [];
  if (sources.length > 0) return sources.some(({ urn }) => urn === bucket.urn);
  return block.props["bucket"] === bucket.props["bucket"];
}

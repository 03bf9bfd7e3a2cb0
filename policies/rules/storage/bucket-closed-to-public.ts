import type { BucketPublicAccessBlockArgs } from "@pulumi/aws/s3/bucketPublicAccessBlock.js";
import { beTrue } from "../../framework/matchers.ts";
import { rule } from "../../framework/rule.ts";
import { companions, ofBuckets } from "../../shared/buckets.ts";

const LOCKS = ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"] as const;

export default rule({
  id: "bucket-closed-to-public",
  title: "Every bucket has a public access block with all four locks",
  severity: "critical",
  description: "With the locks on, no policy and no ACL that someone writes later can open the bucket to everyone.",
  remediation: `Add an aws.s3.BucketPublicAccessBlock for the bucket with ${LOCKS.join(", ")} all true.`,
  controls: { fsbp: ["S3.8"], cisAws3: ["2.1.4"], cisAws5: ["2.1.4"], pci4: ["1.4.4"] },
  inStack: ofBuckets((bucket, { fail, must }, stack) => {
    const [block] = companions<BucketPublicAccessBlockArgs>(stack, bucket, "BucketPublicAccessBlock");
    if (block === undefined) fail(bucket, "the bucket has no BucketPublicAccessBlock", "it must have one with all four locks");
    else for (const lock of LOCKS) must(block.at(lock), beTrue);
  }),
});

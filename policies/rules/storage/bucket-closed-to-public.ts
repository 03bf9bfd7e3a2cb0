import type { BucketArgs } from "@pulumi/aws/s3/bucket.js";
import type { BucketPublicAccessBlockArgs } from "@pulumi/aws/s3/bucketPublicAccessBlock.js";
import { beTrue } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

const LOCKS = ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"] as const;

export default rule({
  id: "bucket-closed-to-public",
  title: "Every bucket has a public access block with all four locks",
  severity: "critical",
  description: "With the locks on, no policy and no ACL that someone writes later can open the bucket to everyone.",
  remediation: `Add an aws.s3.BucketPublicAccessBlock for the bucket with ${LOCKS.join(", ")} all true.`,
  controls: { fsbp: ["S3.8"], cisAws3: ["2.1.4"], cisAws5: ["2.1.4"], pci4: ["1.4.4"] },
  inStack: {
    "aws:s3/bucket:Bucket": (bucket: Resource<BucketArgs>, { fail, must }, stack) => {
      const [block] = stack.linked<BucketPublicAccessBlockArgs>(
        "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
        "bucket",
        bucket,
      );
      if (block === undefined) fail(bucket, "the bucket has no BucketPublicAccessBlock", "it must have one with all four locks");
      else for (const lock of LOCKS) must(block.at(lock), beTrue);
    },
  },
});

import type { AccountPublicAccessBlockArgs } from "@pulumi/aws/s3/accountPublicAccessBlock.js";
import { beTrue } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

const LOCKS = ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"] as const;

export default rule({
  id: "account-buckets-closed-to-public",
  title: "The account's own block of public buckets has all four locks",
  severity: "high",
  description: "The account's locks hold for every bucket in it, also for those that someone makes by hand.",
  remediation: `Set ${LOCKS.join(", ")} to true.`,
  controls: { fsbp: ["S3.1"], cisAws3: ["2.1.4"], cisAws5: ["2.1.4"], pci4: ["1.4.4"] },
  resources: {
    "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock": (block: Resource<AccountPublicAccessBlockArgs>, { must }) => {
      for (const lock of LOCKS) must(block.at(lock), beTrue);
    },
  },
});

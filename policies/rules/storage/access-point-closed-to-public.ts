import type { AccessPointArgs } from "@pulumi/aws/s3/accessPoint.js";
import { beTrue } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

const LOCKS = ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"] as const;

export default rule({
  id: "access-point-closed-to-public",
  title: "An access point of S3 keeps its four locks against the public",
  severity: "critical",
  description: "An access point is a second door to a bucket with locks of its own. They cannot be changed once it is made.",
  remediation: "Leave publicAccessBlockConfiguration out, or set all of it to true.",
  controls: { fsbp: ["S3.19"], pci4: ["1.4.4"] },
  resources: {
    "aws:s3/accessPoint:AccessPoint": (point: Resource<AccessPointArgs>, { must }) => {
      for (const lock of LOCKS) must(point.at("publicAccessBlockConfiguration", lock).or(true), beTrue);
    },
  },
});

import type { TrailArgs } from "@pulumi/aws/cloudtrail/trail.js";
import { beSet } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

export default rule({
  id: "trail-encrypted",
  title: "A trail is encrypted with a key of ours",
  severity: "medium",
  description: "The trail says who may do what and where. With a key of our own, reading the bucket is not enough to read it.",
  remediation: "Set kmsKeyId to the ARN of an aws.kms.Key whose policy lets CloudTrail encrypt.",
  controls: { fsbp: ["CloudTrail.2"], cisAws3: ["3.5"], cisAws5: ["3.5"], wellArchitected: ["SEC08"] },
  resources: {
    "aws:cloudtrail/trail:Trail": (trail: Resource<TrailArgs>, { must }) => {
      // A key that is made in the same program is one, whatever its ARN will be.
      const { kmsKeyId: sources = [] } = trail.propertyDependencies;
      if (sources.length === 0) must(trail.at("kmsKeyId"), beSet("name a key"));
    },
  },
});

import type { KeyArgs } from "@pulumi/aws/kms/key.js";
import { beAtLeast } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";
import { skipThrowawayStacks, throwawayStacks } from "../../shared/throwaway.ts";

export default rule({
  id: "key-deletion-slow",
  title: "A key that is deleted by mistake can be brought back for two weeks",
  severity: "high",
  description:
    "What a deleted key encrypted is lost for good, in every database, disk and backup. The waiting time is the only way back.",
  remediation: "Leave deletionWindowInDays out (30 days), or set it to 14 or more.",
  controls: { fsbp: ["KMS.3"], wellArchitected: ["SEC08"] },
  config: {
    ...throwawayStacks,
    leastDays: {
      type: "integer",
      default: 14,
      minimum: 7,
      maximum: 30,
      description: "Least days between the deletion and the loss.",
    },
  },
  resources: {
    "aws:kms/key:Key": (key: Resource<KeyArgs>, check) => {
      skipThrowawayStacks(key, check);
      check.must(key.at("deletionWindowInDays").or(30), beAtLeast(check.config.leastDays, "days"));
    },
  },
});

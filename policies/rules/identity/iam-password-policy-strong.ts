import type { AccountPasswordPolicyArgs } from "@pulumi/aws/iam/accountPasswordPolicy.js";
import { beAtLeast, beTrue } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

export default rule({
  id: "iam-password-policy-strong",
  title: "Passwords of IAM users are long, mixed and not used again",
  severity: "medium",
  description: "A short or an old password is guessed, or is in a list that leaked elsewhere.",
  remediation: "Set minimumPasswordLength to 14, passwordReusePrevention to 24 and all of the require… settings to true.",
  controls: {
    fsbp: ["IAM.7"],
    cisAws3: ["1.8", "1.9"],
    cisAws5: ["1.7", "1.8"],
    pci4: ["8.3.6", "8.3.7"],
    wellArchitected: ["SEC02"],
  },
  resources: {
    "aws:iam/accountPasswordPolicy:AccountPasswordPolicy": (policy: Resource<AccountPasswordPolicyArgs>, { must }) => {
      must(policy.at("minimumPasswordLength").or(6), beAtLeast(14, "characters"));
      must(policy.at("passwordReusePrevention").or(0), beAtLeast(24, "passwords"));
      for (const kind of [
        "requireLowercaseCharacters",
        "requireNumbers",
        "requireSymbols",
        "requireUppercaseCharacters",
      ] as const)
        must(policy.at(kind), beTrue);
    },
  },
});

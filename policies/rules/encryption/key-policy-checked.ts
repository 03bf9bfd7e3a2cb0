import type { KeyArgs } from "@pulumi/aws/kms/key.js";
import type { KeyPolicyArgs } from "@pulumi/aws/kms/keyPolicy.js";
import type { Check } from "../../framework/check.ts";
import { beFalse } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

export default rule({
  id: "key-policy-checked",
  title: "AWS may refuse a policy that locks everyone out of a key",
  severity: "high",
  description: "A key that nobody may manage any more is lost with what it encrypted; only AWS Support may help.",
  remediation: "Leave bypassPolicyLockoutSafetyCheck out.",
  controls: { wellArchitected: ["SEC08"] },
  resources: { "aws:kms/key:Key": checked, "aws:kms/keyPolicy:KeyPolicy": checked },
});

function checked(resource: Resource<KeyArgs | KeyPolicyArgs>, { must }: Check<unknown>): void {
  must(resource.at("bypassPolicyLockoutSafetyCheck"), beFalse);
}

import type { KeyArgs } from "@pulumi/aws/kms/key.js";
import type { KeyPolicyArgs } from "@pulumi/aws/kms/keyPolicy.js";
import type { Check } from "../../framework/check.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";
import { eachAllowed, isOpenToEveryone, nameOf } from "../../shared/iam.ts";

export default rule({
  id: "key-not-public",
  title: "No policy opens a key to everyone",
  severity: "critical",
  description: "With the key, whoever got hold of encrypted data reads it, from any account.",
  remediation: "Name who may use the key in Principal, or bind the statement by a condition such as kms:CallerAccount.",
  controls: { fsbp: ["KMS.5"], wellArchitected: ["SEC08"] },
  resources: { "aws:kms/key:Key": closed, "aws:kms/keyPolicy:KeyPolicy": closed },
});

function closed(resource: Resource<KeyArgs | KeyPolicyArgs>, check: Check<unknown>): void {
  eachAllowed(resource.at("policy"), check, (statement) => {
    if (isOpenToEveryone(statement))
      check.fail(
        statement,
        `${nameOf(statement)} lets everyone use the key`,
        "it must name who may, or bind them by a condition",
      );
  });
}

import type { GroupPolicyAttachmentArgs } from "@pulumi/aws/iam/groupPolicyAttachment.js";
import type { PolicyAttachmentArgs } from "@pulumi/aws/iam/policyAttachment.js";
import type { RoleArgs } from "@pulumi/aws/iam/role.js";
import type { RolePolicyAttachmentArgs } from "@pulumi/aws/iam/rolePolicyAttachment.js";
import type { UserPolicyAttachmentArgs } from "@pulumi/aws/iam/userPolicyAttachment.js";
import type { Check } from "../../framework/check.ts";
import type { Property } from "../../framework/property.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

interface Settings {
  readonly policies: readonly string[];
}

type Attachment = GroupPolicyAttachmentArgs | PolicyAttachmentArgs | RolePolicyAttachmentArgs | UserPolicyAttachmentArgs;

export default rule({
  id: "iam-no-broad-managed-policies",
  title: "Nobody holds one of AWS's policies that allow nearly everything",
  severity: "high",
  description: "Whoever takes over such a role, or the machine it is on, owns the account.",
  remediation: "Attach a policy that names the actions and the resources that are needed.",
  controls: { cisAws3: ["1.16", "1.22"], cisAws5: ["1.15", "1.21"], wellArchitected: ["SEC03"] },
  config: {
    policies: {
      type: "array",
      items: { type: "string" },
      default: ["AdministratorAccess", "AWSCloudShellFullAccess", "IAMFullAccess", "PowerUserAccess"],
      description: "Names of AWS managed policies that nobody may hold.",
    },
  },
  resources: {
    "aws:iam/groupPolicyAttachment:GroupPolicyAttachment": attached,
    "aws:iam/policyAttachment:PolicyAttachment": attached,
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": attached,
    "aws:iam/userPolicyAttachment:UserPolicyAttachment": attached,
    "aws:iam/role:Role": (role: Resource<RoleArgs>, check) => {
      check.each(role.at("managedPolicyArns"), (arn) => {
        judge(arn, check);
      });
    },
  },
});

function attached(attachment: Resource<Attachment>, check: Check<Settings>): void {
  check.apart(() => {
    judge(attachment.at("policyArn"), check);
  });
}

function judge(arn: Property<string>, { config, fail }: Check<Settings>): void {
  const name = /^arn:aws[\w-]*:iam::aws:policy\/(?:[\w-]+\/)*([\w-]+)$/.exec(arn.value ?? "")?.[1];
  if (name !== undefined && config.policies.includes(name))
    fail(arn, `${arn.path} is ${name}`, "it must be a policy that allows only what is needed");
}

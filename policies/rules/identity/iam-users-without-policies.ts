import type { PolicyAttachmentArgs } from "@pulumi/aws/iam/policyAttachment.js";
import type { UserArgs } from "@pulumi/aws/iam/user.js";
import type { UserPolicyArgs } from "@pulumi/aws/iam/userPolicy.js";
import type { UserPolicyAttachmentArgs } from "@pulumi/aws/iam/userPolicyAttachment.js";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

export default rule({
  id: "iam-users-without-policies",
  title: "IAM users get their permissions from groups only",
  severity: "low",
  description: "What is granted to single people is forgotten when they change their work.",
  remediation: "Attach the policy to a group, and put the user into it with aws.iam.UserGroupMembership.",
  controls: { fsbp: ["IAM.2"], cisAws3: ["1.15"], cisAws5: ["1.14"], wellArchitected: ["SEC03"] },
  inStack: {
    "aws:iam/user:User": (user: Resource<UserArgs>, { apart, fail }, stack) => {
      const grants = [
        () => stack.linked<UserPolicyArgs>("aws:iam/userPolicy:UserPolicy", "user", user),
        () => stack.linked<UserPolicyAttachmentArgs>("aws:iam/userPolicyAttachment:UserPolicyAttachment", "user", user),
        () => stack.linked<PolicyAttachmentArgs>("aws:iam/policyAttachment:PolicyAttachment", "users", user),
      ];
      for (const find of grants)
        apart(() => {
          for (const { name, type } of find())
            fail(user, `${type.split(":")[2] ?? type} "${name}" grants permissions to the user`, "it must grant them to a group");
        });
    },
  },
});

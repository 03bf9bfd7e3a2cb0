import { rule } from "../../framework/rule.ts";
import { covers, nameOf, ofIdentityPolicies } from "../../shared/iam.ts";

/**
 * Actions that give whoever may do them, to any identity or function, every permission in the account (Rhino Security Labs,
 * "AWS IAM privilege escalation").
 */
const ESCALATING = [
  "iam:AddUserToGroup",
  "iam:AttachGroupPolicy",
  "iam:AttachRolePolicy",
  "iam:AttachUserPolicy",
  "iam:CreateAccessKey",
  "iam:CreateLoginProfile",
  "iam:CreatePolicyVersion",
  "iam:PutGroupPolicy",
  "iam:PutRolePolicy",
  "iam:PutUserPolicy",
  "iam:SetDefaultPolicyVersion",
  "iam:UpdateAssumeRolePolicy",
  "iam:UpdateLoginProfile",
  "lambda:UpdateFunctionCode",
] as const;

export default rule({
  id: "iam-no-privilege-escalation",
  title: "Nobody can give themselves more permissions than they have",
  severity: "high",
  description:
    "Some permissions are as good as all of them: who may attach a policy to any role attaches AdministratorAccess to their own.",
  remediation:
    "Name the roles, users or functions in Resource, or bind the statement by a condition such as iam:PermissionsBoundary.",
  controls: { wellArchitected: ["SEC03"] },
  resources: ofIdentityPolicies((statement, { each, fail }) => {
    const everywhere = statement.at("Resource").items.some(({ value }) => value === "*");
    if (!everywhere || statement.at("Condition").isSet) return;
    each(statement.at("Action"), (action) => {
      const { value = "" } = action;
      const [first] = ESCALATING.filter((each) => covers(value, each));
      if (first !== undefined)
        fail(
          action,
          `${nameOf(statement)} allows ${value === first ? first : `${first} (by ${value})`} on everything`,
          "it must name its resources",
        );
    });
  }),
});

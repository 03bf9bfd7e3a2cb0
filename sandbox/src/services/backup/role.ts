import type { Cloud } from "../../core/cloud.ts";
import { CloudError, type Reference } from "../../core/definition.ts";
import { type Props, text } from "../../core/values.ts";
import { parsePolicy } from "../iam/policy-document.ts";

const ROLE = "aws:iam/role:Role";
const SERVICE = "backup.amazonaws.com";

function cannotAssume(role: string): CloudError {
  return new CloudError("InvalidParameterValueException", `IAM Role ${role} cannot be assumed by AWS Backup`);
}

/** The reference of a selection to the role with which AWS Backup reads and restores what is selected. */
export const backupRole: Reference = { path: "iamRoleArn", to: ROLE, by: ["arn"], missing: cannotAssume };

/** Refuses a role whose trust policy does not let AWS Backup take it. */
export function requireAssumable(cloud: Cloud, inputs: Props): void {
  const roleArn = text(inputs, "iamRoleArn");
  const role = cloud.world.by(ROLE, "arn", roleArn);
  if (role === undefined) throw cannotAssume(roleArn);
  const statements = parsePolicy(text(role.outputs, "assumeRolePolicy"), "trust", "InvalidParameterValueException");
  const takes = statements.filter(
    ({ actions = [], principals = {} }) =>
      (principals["Service"] ?? []).includes(SERVICE) &&
      actions.some((action) => ["*", "sts:*", "sts:assumerole"].includes(action.toLowerCase())),
  );
  if (!takes.some(({ effect }) => effect === "Allow") || takes.some(({ effect }) => effect === "Deny"))
    throw cannotAssume(roleArn);
}

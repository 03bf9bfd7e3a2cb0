import { GroupPolicy } from "@pulumi/aws/iam/groupPolicy.js";
import { Policy } from "@pulumi/aws/iam/policy.js";
import { RolePolicy } from "@pulumi/aws/iam/rolePolicy.js";
import { UserPolicy } from "@pulumi/aws/iam/userPolicy.js";
import type { ResourceValidationArgs, ResourceValidationPolicy } from "@pulumi/policy";
import { about, validateEach } from "../../shared/check.ts";
import { fsbp } from "../../shared/framework.ts";

export const iamNoWildcardActions: ResourceValidationPolicy = {
  name: "iam-no-wildcard-actions",
  description: "No permission reaches over a whole service or all of them.",
  enforcementLevel: "mandatory",
  severity: "high",
  tags: ["identity", "least-privilege"],
  framework: fsbp("IAM.1", "IAM.21"),
  remediationSteps: 'Name the actions that are needed, such as "s3:GetObject" in place of "s3:*".',
  configSchema: {
    properties: {
      allowed: {
        type: "array",
        items: { type: "string" },
        default: [],
        description: 'Wildcards that are accepted, such as "cloudwatch:*".',
      },
    },
  },
  validateResource: validateEach(
    about(Policy, ({ policy }, args) => wildcards(policy, args)),
    about(RolePolicy, ({ policy }, args) => wildcards(policy, args)),
    about(UserPolicy, ({ policy }, args) => wildcards(policy, args)),
    about(GroupPolicy, ({ policy }, args) => wildcards(policy, args)),
  ),
};

function wildcards(policy: unknown, args: ResourceValidationArgs): string[] {
  const { allowed = [] } = args.getConfig<{ allowed?: readonly string[] }>();
  const document = parsed(policy);
  if (document === undefined) return ["policy is not a JSON object; its actions cannot be checked."];
  return list(document["Statement"]).flatMap((statement, at) => {
    if (!isRecord(statement) || statement["Effect"] !== "Allow") return [];
    const where = `statement ${typeof statement["Sid"] === "string" ? `"${statement["Sid"]}"` : String(at + 1)}`;
    if ("NotAction" in statement) return [`${where} allows all but its NotAction; it must name the actions that it allows.`];
    return list(statement["Action"])
      .filter(
        (action): action is string => typeof action === "string" && /^\*$|^[^:]+:\*+$/.test(action) && !allowed.includes(action),
      )
      .map((action) => `${where} allows ${action}; it must name the actions that it allows.`);
  });
}

function parsed(policy: unknown): Record<string, unknown> | undefined {
  if (typeof policy !== "string") return isRecord(policy) ? policy : undefined;
  try {
    const document: unknown = JSON.parse(policy);
    return isRecord(document) ? document : undefined;
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function list(value: unknown): readonly unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

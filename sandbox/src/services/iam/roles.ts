import type { Cloud } from "../../core/cloud.ts";
import type { Resource } from "../../core/definition.ts";
import { text, texts, type Props } from "../../core/values.ts";
import { managedPolicy } from "./managed-policies.ts";
import { parsePolicy, type Statement } from "./policy-document.ts";

export const ROLE = "aws:iam/role:Role";
export const POLICY = "aws:iam/policy:Policy";
export const ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy";
export const ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment";
export const INSTANCE_PROFILE = "aws:iam/instanceProfile:InstanceProfile";
export const OIDC_PROVIDER = "aws:iam/openIdConnectProvider:OpenIdConnectProvider";

/** The role with that ARN or name; IAM is global, so the region does not matter. */
export function findRole(cloud: Cloud, arnOrName: string): Resource | undefined {
  return cloud.world.all(ROLE).find((row) => row.id === arnOrName || row.outputs["arn"] === arnOrName);
}

/** Everything the role's inline, own and attached policies say. Policies the sandbox cannot read (an AWS-managed one it has no text of) grant nothing. */
export function statementsOf(cloud: Cloud, role: Resource): readonly Statement[] {
  const inline = cloud.world.all(ROLE_POLICY).filter((row) => isOfRole(row, role));
  const documents = [
    ...inline.map((row) => text(row.outputs, "policy")),
    ...inlineDocuments(role.inputs),
    ...attachedArns(cloud, role).map((arn) => documentOf(cloud, arn)),
  ];
  return documents.filter((document) => document !== "").flatMap((document) => parsePolicy(document, "identity"));
}

/** The policies that stand in the inputs of a role itself. */
export function inlineDocuments(inputs: Props): string[] {
  const list = Array.isArray(inputs["inlinePolicies"]) ? inputs["inlinePolicies"] : [];
  return list.map((one) => (one !== null && typeof one === "object" && !Array.isArray(one) ? text(one, "policy") : ""));
}

/** What the role's permissions boundary allows at most; undefined where it has none. */
export function boundaryOf(cloud: Cloud, role: Resource): readonly Statement[] | undefined {
  const boundary = text(role.inputs, "permissionsBoundary");
  if (boundary === "") return undefined;
  const document = documentOf(cloud, boundary);
  return document === "" ? [] : parsePolicy(document, "identity");
}

/** The ARNs of the managed policies attached to the role. */
export function attachedArns(cloud: Cloud, role: Resource): string[] {
  const attached = cloud.world.all(ATTACHMENT).filter((row) => isOfRole(row, role));
  return [...new Set([...attached.map((row) => text(row.inputs, "policyArn")), ...texts(role.inputs, "managedPolicyArns")])];
}

/** Whether a policy's or profile's `role` input names that role. */
export function isOfRole(row: Resource, role: Resource): boolean {
  return text(row.inputs, "role") === role.id;
}

/** Whether the trust policy lets an AWS service (compute, that is) take the role for what it runs. */
export function trustsCompute(role: Resource): boolean {
  const compute = ["ec2.amazonaws.com", "ecs-tasks.amazonaws.com", "pods.eks.amazonaws.com", "lambda.amazonaws.com"];
  const statements = parsePolicy(text(role.outputs, "assumeRolePolicy"), "trust");
  const matching = statements.filter((statement) => {
    const services = statement.principals?.["Service"] ?? [];
    const takes = statement.actions?.some((action) => ["sts:assumerole", "sts:*", "*"].includes(action.toLowerCase())) ?? false;
    return takes && services.some((service) => compute.includes(service));
  });
  return matching.some((statement) => statement.effect === "Allow") && !matching.some((statement) => statement.effect === "Deny");
}

/** The text of a managed policy, the account's own or AWS's; empty where there is none, or the sandbox does not have it. */
export function documentOf(cloud: Cloud, arn: string): string {
  const own = cloud.world.by(POLICY, "arn", arn);
  return own === undefined ? (managedPolicy(arn) ?? "") : text(own.outputs, "policy");
}

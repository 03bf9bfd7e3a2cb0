import { CloudError } from "../../core/definition.ts";
import type { Operation, ResourceDefinition } from "../../core/definition.ts";
import type { Props } from "../../core/values.ts";
import { text } from "../../core/values.ts";
import { names } from "./network-errors.ts";
import { SECURITY_GROUP, checkInlineRules, groupOf, inlineRuleLimits, inlineRuleReferences } from "./security-group.ts";
import { VPC } from "./vpc.ts";

/** Gives the VPC's own group exactly these rules, also for those who look at the group itself. */
function rule(operation: Operation, groupId: string): Props {
  const { cloud, inputs } = operation;
  checkInlineRules(operation, text(groupOf(operation, groupId), "vpcId"));
  const rules = { ingress: inputs["ingress"] ?? [], egress: inputs["egress"] ?? [] };
  const group = cloud.world.get(SECURITY_GROUP, groupId);
  if (group !== undefined) cloud.world.setOutputs(group, rules);
  return rules;
}

/** Takes over the security group that a VPC was born with. Deleting it only lets go of it. */
export const defaultSecurityGroup: ResourceDefinition = {
  type: "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
  replaceOn: ["vpcId"],
  defaults: { revokeRulesOnDelete: false },
  limits: inlineRuleLimits,
  references: [names("vpcId", VPC), ...inlineRuleReferences],
  create: (operation) => {
    const vpcId = text(operation.inputs, "vpcId");
    const id = text(operation.cloud.world.get(VPC, vpcId, operation.region)?.outputs ?? {}, "defaultSecurityGroupId");
    if (id === "") throw new CloudError("InvalidGroup.NotFound", "The sandbox's account has no default VPC; give vpcId");
    const { arn, ownerId, name, description } = groupOf(operation, id);
    return { id, outputs: { arn, ownerId, name, description, namePrefix: "", ...rule(operation, id) } };
  },
  update: (operation, before) => rule(operation, before.id),
};

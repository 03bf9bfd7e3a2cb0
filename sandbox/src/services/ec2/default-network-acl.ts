import { CloudError } from "../../core/definition.ts";
import type { Operation, ResourceDefinition } from "../../core/definition.ts";
import type { Props } from "../../core/values.ts";
import { text, valuesAt } from "../../core/values.ts";
import { between, oneOf, shown } from "../limits.ts";
import { ipv4Block, ipv6Block } from "./cidr.ts";
import { ec2Arn, names } from "./network-errors.ts";
import { SUBNET } from "./subnet.ts";
import { VPC } from "./vpc.ts";

function entries({ inputs }: Operation): Props {
  for (const direction of ["ingress", "egress"]) {
    const numbers = valuesAt(inputs, `${direction}[].ruleNo`);
    const twice = numbers.find((number, index) => numbers.indexOf(number) !== index);
    if (twice !== undefined)
      throw new CloudError("NetworkAclEntryAlreadyExists", `The network acl entry identified by ${shown(twice)} already exists.`);
    if (numbers.length > 20)
      throw new CloudError(
        "NetworkAclEntryLimitExceeded",
        `The network ACL has ${numbers.length} ${direction} rules (quota: 20)`,
      );
  }
  return { ingress: inputs["ingress"] ?? [], egress: inputs["egress"] ?? [], subnetIds: inputs["subnetIds"] ?? [] };
}

const directionLimits = (direction: string): NonNullable<ResourceDefinition["limits"]> => ({
  [`${direction}[].action`]: oneOf("allow", "deny", "ALLOW", "DENY"),
  [`${direction}[].ruleNo`]: between(1, 32_766),
  [`${direction}[].cidrBlock`]: ipv4Block,
  [`${direction}[].ipv6CidrBlock`]: ipv6Block,
});

/** Takes over the network ACL that a VPC was born with. Deleting it only lets go of it. */
export const defaultNetworkAcl: ResourceDefinition = {
  type: "aws:ec2/defaultNetworkAcl:DefaultNetworkAcl",
  replaceOn: ["defaultNetworkAclId"],
  limits: { ...directionLimits("ingress"), ...directionLimits("egress") },
  references: [
    {
      path: "defaultNetworkAclId",
      to: VPC,
      by: ["defaultNetworkAclId"],
      missing: (id) => new CloudError("InvalidNetworkAclID.NotFound", `The networkAcl ID '${id}' does not exist`),
    },
    names("subnetIds[]", SUBNET),
  ],
  create: (operation) => {
    const id = text(operation.inputs, "defaultNetworkAclId");
    const vpc = operation.cloud.world.by(VPC, "defaultNetworkAclId", id);
    const arn = ec2Arn(operation, `network-acl/${id}`);
    return { id, outputs: { arn, ownerId: operation.cloud.account, vpcId: vpc?.id ?? "", ...entries(operation) } };
  },
  update: entries,
};

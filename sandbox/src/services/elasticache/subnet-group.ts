import type { Cloud } from "../../core/cloud.ts";
import { CloudError, type Operation, type Resource, type ResourceDefinition } from "../../core/definition.ts";
import { arn } from "../../core/ids.ts";
import { text, texts } from "../../core/values.ts";
import { matching } from "../limits.ts";
import { invalidValue, SUBNET_GROUP } from "./types.ts";

const SUBNET = "aws:ec2/subnet:Subnet";

/** The subnets in which the nodes of caches may stand: of one VPC. */
export const subnetGroup: ResourceDefinition = {
  type: SUBNET_GROUP,
  replaceOn: ["name"],
  autoName: { property: "name", maxLength: 255, lowercase: true },
  defaults: { description: "Managed by Pulumi" },
  limits: { name: matching(/^[A-Za-z0-9-]{1,255}$/, "1 to 255 letters, digits and hyphens") },
  references: [
    {
      path: "subnetIds[]",
      to: SUBNET,
      missing: (id) => new CloudError("InvalidSubnet", `The subnet ID '${id}' does not exist`),
      // AWS lets go of a subnet in which no node stands; the sandbox keeps every subnet that a group names, so that a group never names one that is gone.
      inUse: (subnet) =>
        new CloudError("DependencyViolation", `The subnet '${subnet.id}' has dependencies and cannot be deleted.`),
    },
  ],
  create: (operation) => {
    const { cloud, inputs, region } = operation;
    const name = text(inputs, "name").toLowerCase();
    if (cloud.world.get(SUBNET_GROUP, name, region) !== undefined)
      throw new CloudError("CacheSubnetGroupAlreadyExists", `Cache subnet group ${name} already exists.`);
    const vpcId = vpcOfSubnets(operation);
    return { id: name, outputs: { name, vpcId, arn: arn("elasticache", region, cloud.account, `subnetgroup:${name}`) } };
  },
  update: (operation, before) => {
    const vpcId = vpcOfSubnets(operation);
    if (vpcId !== before.outputs["vpcId"])
      throw invalidValue("The new Subnets are not in the same Vpc as the existing subnet group");
    return { name: before.id };
  },
};

function vpcOfSubnets({ cloud, inputs, region }: Operation): string {
  const ids = texts(inputs, "subnetIds");
  if (ids.length === 0) throw invalidValue("At least one subnet ID must be specified.");
  const vpcs = [...new Set(ids.map((id) => text(cloud.world.get(SUBNET, id, region)?.outputs ?? {}, "vpcId")))];
  if (vpcs.length > 1)
    throw new CloudError("InvalidSubnet", `The subnets ${ids.join(", ")} are in different VPCs: ${vpcs.join(", ")}.`);
  return vpcs[0] ?? "";
}

/** The zones that a group covers, in order. */
export function zonesOfGroup(cloud: Cloud, group: Resource): string[] {
  const subnets = texts(group.outputs, "subnetIds").map((id) => cloud.world.get(SUBNET, id, group.region)?.outputs ?? {});
  return [...new Set(subnets.map((subnet) => text(subnet, "availabilityZone")))].sort();
}

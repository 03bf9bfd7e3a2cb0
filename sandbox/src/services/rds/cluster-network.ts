import { CloudError, type Operation, type Resource } from "../../core/definition.ts";
import { text, texts } from "../../core/values.ts";
import { zonesOf } from "../account/zones.ts";
import { invalidCombination } from "./errors.ts";
import { zonesOfGroup } from "./subnet-group.ts";
import { SUBNET_GROUP } from "./types.ts";

/** Where a cluster stands. */
export interface ClusterNetwork {
  readonly vpcId: string;
  readonly dbSubnetGroupName: string;
  readonly vpcSecurityGroupIds: string[];
  /** The three zones (two where the region or the group has no more) over which Aurora spreads its storage. */
  readonly availabilityZones: string[];
}

/** The network that the inputs describe. Refuses a missing subnet group, zones that the region has not, and security groups of another VPC. */
export function networkOf(operation: Operation): ClusterNetwork {
  const { cloud, inputs, region } = operation;
  const group = requireSubnetGroup(operation);
  const vpcId = text(group.outputs, "vpcId");
  const given = texts(inputs, "vpcSecurityGroupIds");
  for (const id of given) {
    const theirs = text(cloud.world.get("aws:ec2/securityGroup:SecurityGroup", id, region)?.outputs ?? {}, "vpcId");
    if (theirs === vpcId) continue;
    throw invalidCombination(
      "The DB instance and EC2 security group are in different VPCs. " +
        `The DB instance is in ${vpcId} and the EC2 security group is in ${theirs}`,
    );
  }
  const own = text(cloud.world.get("aws:ec2/vpc:Vpc", vpcId, region)?.outputs ?? {}, "defaultSecurityGroupId");
  return {
    vpcId,
    dbSubnetGroupName: group.id,
    vpcSecurityGroupIds: given.length > 0 ? given : [own],
    availabilityZones: storageZones(operation, group),
  };
}

function requireSubnetGroup({ cloud, inputs, region }: Operation): Resource {
  // The group `default` lies over the default VPC, and the sandbox's account has none.
  const name = text(inputs, "dbSubnetGroupName") || "default";
  const group = cloud.world.get(SUBNET_GROUP, name, region);
  if (group === undefined) throw subnetGroupNotFound(name);
  return group;
}

export function subnetGroupNotFound(name: string): CloudError {
  return new CloudError("DBSubnetGroupNotFoundFault", `DB subnet group '${name}' does not exist.`, 404);
}

function storageZones({ cloud, inputs, region }: Operation, group: Resource): string[] {
  const known = zonesOf(region).map((zone) => zone.name);
  const asked = texts(inputs, "availabilityZones");
  const unknown = asked.find((zone) => !known.includes(zone));
  if (unknown !== undefined)
    throw new CloudError(
      "InvalidVPCNetworkStateFault",
      `Availability zone '${unknown}' is unavailable in this region, please choose another zone set.`,
    );
  return [...new Set([...asked, ...zonesOfGroup(cloud, group), ...known])].slice(0, 3).sort();
}

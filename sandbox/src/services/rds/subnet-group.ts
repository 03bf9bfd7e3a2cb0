import type { Cloud } from "../../core/cloud.ts";
import { CloudError, type Operation, type Resource, type ResourceDefinition } from "../../core/definition.ts";
import { arn } from "../../core/ids.ts";
import { type Props, text, texts } from "../../core/values.ts";
import { invalidValue } from "./errors.ts";
import { nameOr, subnetGroupName } from "./names.ts";
import { SUBNET_GROUP } from "./types.ts";

const SUBNET = "aws:ec2/subnet:Subnet";

/** The subnets in which a database's instances may stand: of one VPC, in at least two zones. */
export const subnetGroup: ResourceDefinition = {
  type: SUBNET_GROUP,
  replaceOn: ["name", "namePrefix"],
  autoName: { property: "name", maxLength: 255, lowercase: true },
  defaults: { description: "Managed by Pulumi" },
  limits: { name: subnetGroupName },
  references: [
    {
      path: "subnetIds[]",
      to: SUBNET,
      missing: (id) => invalidValue(`Some input subnets in :[${id}] are invalid.`),
      // AWS lets go of a subnet in which no instance stands; the sandbox keeps every subnet that a group names, so that a group never names one that is gone.
      inUse: (subnet) =>
        new CloudError("DependencyViolation", `The subnet '${subnet.id}' has dependencies and cannot be deleted.`),
    },
  ],
  create: (operation) => {
    const { cloud, inputs, region } = operation;
    const name = nameOr(inputs, "name");
    if (cloud.world.get(SUBNET_GROUP, name, region) !== undefined)
      throw new CloudError("DBSubnetGroupAlreadyExists", `The DB subnet group '${name}' already exists.`);
    const vpcId = requireCoverage(operation);
    return {
      id: name,
      outputs: {
        name,
        namePrefix: text(inputs, "namePrefix"),
        arn: arn("rds", region, cloud.account, `subgrp:${name}`),
        supportedNetworkTypes: ["IPV4"],
        vpcId,
      },
    };
  },
  update: (operation, before) => {
    const vpcId = requireCoverage(operation);
    if (vpcId !== before.outputs["vpcId"])
      throw invalidValue("The new Subnets are not in the same Vpc as the existing subnet group");
    return {};
  },
};

/** Refuses subnets of several VPCs or of a single zone; returns their VPC. */
function requireCoverage({ cloud, inputs, region }: Operation): string {
  const subnets = texts(inputs, "subnetIds").map((id) => outputsOf(cloud, id, region));
  const vpcs = [...new Set(subnets.map((subnet) => text(subnet, "vpcId")))];
  if (vpcs.length > 1)
    throw invalidValue(
      `Some input subnets in :[${texts(inputs, "subnetIds").join(", ")}] are invalid. They are in different VPCs: ${vpcs.join(", ")}.`,
    );
  const zones = [...new Set(subnets.map((subnet) => text(subnet, "availabilityZone")))].sort();
  if (zones.length < 2) {
    throw new CloudError(
      "DBSubnetGroupDoesNotCoverEnoughAZs",
      "The DB subnet group doesn't meet Availability Zone (AZ) coverage requirement. " +
        `Current AZ coverage: ${zones.join(", ")}. Add subnets to cover at least 2 AZs.`,
    );
  }
  return vpcs[0] ?? "";
}

function outputsOf(cloud: Cloud, id: string, region: string): Props {
  const subnet = cloud.world.get(SUBNET, id, region);
  if (subnet === undefined) throw invalidValue(`Some input subnets in :[${id}] are invalid.`);
  return subnet.outputs;
}

/** The zones that a group covers, in order. */
export function zonesOfGroup(cloud: Cloud, group: Resource): string[] {
  const zones = texts(group.outputs, "subnetIds").map((id) => text(outputsOf(cloud, id, group.region), "availabilityZone"));
  return [...new Set(zones)].sort();
}

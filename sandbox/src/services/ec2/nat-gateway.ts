import { CloudError } from "../../core/definition.ts";
import type { Operation, Resource, ResourceDefinition } from "../../core/definition.ts";
import { derived, newId } from "../../core/ids.ts";
import type { Props } from "../../core/values.ts";
import { text } from "../../core/values.ts";
import { oneOf } from "../limits.ts";
import { joinOf } from "./address-joins.ts";
import { ipv4Address } from "./cidr.ts";
import { INTERNET_GATEWAY, attachedVpc } from "./internet-gateway.ts";
import { holds, living, notFound, quota } from "./network-errors.ts";
import { chosenAddress, freeAddress, SUBNET } from "./subnet.ts";

export const NAT_GATEWAY = "aws:ec2/natGateway:NatGateway";
const EIP = "aws:ec2/eip:Eip";

/** The public half: an Elastic IP that nothing else has, in a VPC with an internet gateway. */
function publicSide(operation: Operation, subnet: Resource): Props {
  const { world } = operation.cloud;
  const { inputs } = operation;
  const allocation = text(inputs, "allocationId");
  const isPrivate = text(inputs, "connectivityType") === "private";
  if (isPrivate && allocation !== "") throw new CloudError("InvalidParameter", "A private NAT gateway takes no allocationId");
  if (isPrivate) return { publicIp: "", associationId: "" };
  if (allocation === "")
    throw new CloudError("MissingParameter", "The request must contain the parameter AllocationId for a public NAT gateway");
  const vpcId = text(subnet.outputs, "vpcId");
  if (!world.all(INTERNET_GATEWAY).some((gateway) => attachedVpc(world, gateway.id) === vpcId)) {
    throw new CloudError("Gateway.NotAttached", `Network ${vpcId} has no Internet gateway attached`);
  }
  if (world.by(NAT_GATEWAY, "allocationId", allocation) !== undefined || joinOf(world, allocation) !== undefined) {
    throw new CloudError("Resource.AlreadyAssociated", `Elastic IP address [${allocation}] is already associated`);
  }
  const address = world.all(EIP).find((row) => row.id === allocation || text(row.outputs, "allocationId") === allocation);
  if (address === undefined) throw notFound(EIP, allocation);
  return { publicIp: text(address.outputs, "publicIp"), associationId: newId("eipassoc") };
}

function create(operation: Operation): ReturnType<ResourceDefinition["create"]> {
  const { cloud, inputs } = operation;
  if (text(inputs, "subnetId") === "")
    throw new CloudError(
      "MissingParameter",
      "The request must contain the parameter SubnetId; regional NAT gateways are not served by the sandbox",
    );
  const subnet = living(operation, SUBNET, text(inputs, "subnetId"));
  const zone = text(subnet.outputs, "availabilityZone");
  const present = cloud.world
    .all(NAT_GATEWAY)
    .filter(
      (row) => text(cloud.world.get(SUBNET, text(row.outputs, "subnetId"))?.outputs ?? {}, "availabilityZone") === zone,
    ).length;
  quota(present, 5, "NatGatewayLimitExceeded", `The maximum number of NAT gateways has been reached in ${zone}.`);
  const id = newId("nat");
  const privateIp = text(inputs, "privateIp");
  return {
    id,
    outputs: {
      ...publicSide(operation, subnet),
      privateIp: privateIp === "" ? freeAddress(cloud.world, subnet.id) : chosenAddress(cloud.world, subnet, privateIp),
      networkInterfaceId: `eni-0${derived(16, id)}`,
      secondaryPrivateIpAddresses: inputs["secondaryPrivateIpAddresses"] ?? [],
      secondaryPrivateIpAddressCount: inputs["secondaryPrivateIpAddressCount"] ?? 0,
      availabilityMode: "zonal",
      vpcId: text(subnet.outputs, "vpcId"),
    },
  };
}

/** Lets private subnets reach out. */
export const natGateway: ResourceDefinition = {
  type: NAT_GATEWAY,
  replaceOn: ["allocationId", "connectivityType", "privateIp", "secondaryPrivateIpAddressCount", "subnetId"],
  defaults: { connectivityType: "public" },
  limits: { connectivityType: oneOf("private", "public"), privateIp: ipv4Address },
  references: [
    holds("subnetId", SUBNET),
    {
      path: "allocationId",
      to: EIP,
      by: ["id", "allocationId"],
      missing: (id) => notFound(EIP, id),
      inUse: (address) =>
        new CloudError("InvalidIPAddress.InUse", `Address ${text(address.outputs, "publicIp") || address.id} is in use.`),
    },
  ],
  create,
};

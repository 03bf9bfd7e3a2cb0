import { CloudError } from "../../core/definition.ts";
import type { Operation, Resource, ResourceDefinition } from "../../core/definition.ts";
import type { World } from "../../core/world.ts";
import { newId } from "../../core/ids.ts";
import { text } from "../../core/values.ts";
import { zonesOf } from "../account/zones.ts";
import type { Zone } from "../account/zones.ts";
import { oneOf } from "../limits.ts";
import { addressAt, overlaps, rangeOf, sizeOf, vpcSizedBlock, within } from "./cidr.ts";
import { ec2Arn, holds, living, notFound, quota } from "./network-errors.ts";
import { VPC } from "./vpc.ts";

export const SUBNET = "aws:ec2/subnet:Subnet";

function zoneFor({ inputs, region }: Operation): Zone {
  const zones = zonesOf(region);
  const name = text(inputs, "availabilityZone");
  const id = text(inputs, "availabilityZoneId");
  const found = zones.find((zone) => (name === "" || zone.name === name) && (id === "" || zone.id === id));
  if (found !== undefined) return found;
  const [given, parameter] = name === "" ? [id, "availabilityZoneId"] : [name, "availabilityZone"];
  const allowed = zones.map((zone) => (name === "" ? zone.id : zone.name)).join(", ");
  throw new CloudError(
    "InvalidParameterValue",
    `Value (${given}) for parameter ${parameter} is invalid. Subnets can currently only be created in the following availability zones: ${allowed}.`,
  );
}

function create(operation: Operation): ReturnType<ResourceDefinition["create"]> {
  const { cloud, inputs } = operation;
  const zone = zoneFor(operation);
  const cidr = text(inputs, "cidrBlock");
  if (cidr === "")
    throw new CloudError(
      "MissingParameter",
      "The request must contain the parameter cidrBlock; IPv6-only subnets and address pools are not served by the sandbox",
    );
  const vpc = living(operation, VPC, text(inputs, "vpcId"));
  if (!within(cidr, text(vpc.outputs, "cidrBlock"))) {
    throw new CloudError(
      "InvalidSubnet.Range",
      `The CIDR '${cidr}' is invalid. It lies outside the VPC's ${text(vpc.outputs, "cidrBlock")} (${vpc.id}).`,
    );
  }
  const siblings = cloud.world.all(SUBNET).filter((subnet) => text(subnet.outputs, "vpcId") === vpc.id);
  const clash = siblings.find((subnet) => overlaps(cidr, text(subnet.outputs, "cidrBlock")));
  if (clash !== undefined) {
    throw new CloudError(
      "InvalidSubnet.Conflict",
      `The CIDR '${cidr}' conflicts with another subnet: ${clash.id} has ${text(clash.outputs, "cidrBlock")}`,
    );
  }
  quota(siblings.length, 200, "SubnetLimitExceeded", `The maximum number of subnets has been reached for ${vpc.id}.`);
  const id = newId("subnet");
  return {
    id,
    outputs: {
      arn: ec2Arn(operation, `subnet/${id}`),
      ownerId: cloud.account,
      availabilityZone: zone.name,
      availabilityZoneId: zone.id,
      ipv6CidrBlockAssociationId: "",
      privateDnsHostnameTypeOnLaunch: inputs["privateDnsHostnameTypeOnLaunch"] ?? "ip-name",
    },
  };
}

/** AWS keeps the first four and the last address of every subnet for itself (Amazon VPC User Guide, "Subnet CIDR blocks"). */
const KEPT = { first: 4, last: 1 } as const;

/** Whether AWS keeps this address of a subnet for itself. */
function isReserved(address: string, cidr: string): boolean {
  const place = rangeOf(`${address}/32`).first - rangeOf(cidr).first;
  return place < KEPT.first || place >= sizeOf(cidr) - KEPT.last;
}

/** Who has an address of a subnet already: an instance, an interface or a gateway. */
function holderOf(world: World, subnetId: string, address: string): Resource | undefined {
  return world.all().find(({ outputs }) => outputs["privateIp"] === address && outputs["subnetId"] === subnetId);
}

/** The first private address of a subnet that nobody has yet. Throws `InsufficientFreeAddressesInSubnet` when none is left. */
export function freeAddress(world: World, subnetId: string): string {
  const cidr = text(world.get(SUBNET, subnetId)?.outputs ?? {}, "cidrBlock");
  if (cidr === "") throw notFound(SUBNET, subnetId);
  const neighbours = world.all().filter((row) => text(row.outputs, "subnetId") === subnetId);
  const taken = new Set(neighbours.map((row) => text(row.outputs, "privateIp")));
  for (let place: number = KEPT.first; place < sizeOf(cidr) - KEPT.last; place++) {
    const address = addressAt(cidr, place);
    if (!taken.has(address)) return address;
  }
  throw new CloudError(
    "InsufficientFreeAddressesInSubnet",
    `The specified subnet '${subnetId}' does not have enough free addresses to satisfy the request.`,
  );
}

/** The address that was chosen for something in a subnet. Throws EC2's error for one that cannot be had. */
export function chosenAddress(world: World, subnet: Resource, address: string): string {
  const cidr = text(subnet.outputs, "cidrBlock");
  if (!within(`${address}/32`, cidr))
    throw new CloudError("InvalidParameterValue", `Address ${address} does not fall within the subnet's address range, ${cidr}`);
  if (isReserved(address, cidr))
    throw new CloudError("InvalidParameterValue", `Address ${address} is in subnet's reserved address range`);
  if (holderOf(world, subnet.id, address) !== undefined)
    throw new CloudError("InvalidIPAddress.InUse", `Address ${address} is in use.`);
  return address;
}

/** A part of a VPC in one Availability Zone. */
export const subnet: ResourceDefinition = {
  type: SUBNET,
  replaceOn: ["availabilityZone", "availabilityZoneId", "cidrBlock", "ipv6Native", "outpostArn", "vpcId"],
  defaults: {
    assignIpv6AddressOnCreation: false,
    enableDns64: false,
    enableResourceNameDnsARecordOnLaunch: false,
    enableResourceNameDnsAaaaRecordOnLaunch: false,
    ipv6Native: false,
    mapPublicIpOnLaunch: false,
  },
  limits: { cidrBlock: vpcSizedBlock, privateDnsHostnameTypeOnLaunch: oneOf("ip-name", "resource-name") },
  references: [holds("vpcId", VPC)],
  create,
};

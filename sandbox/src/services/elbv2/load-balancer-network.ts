import { CloudError, type Operation, type Resource } from "../../core/definition.ts";
import { isProps, type Props, text, texts, valuesAt } from "../../core/values.ts";
import { sizeOf } from "../ec2/cidr.ts";
import { moveInterface, NETWORK_INTERFACE, putInterface } from "../ec2/instance-network-interface.ts";
import { attachedVpc, INTERNET_GATEWAY } from "../ec2/internet-gateway.ts";
import { living } from "../ec2/network-errors.ts";
import { freePublicAddress } from "../ec2/public-addresses.ts";
import { SECURITY_GROUP } from "../ec2/security-group.ts";
import { SUBNET } from "../ec2/subnet.ts";
import { VPC } from "../ec2/vpc.ts";

/** Where a load balancer stands. */
export interface Place {
  readonly vpcId: string;
  readonly subnets: readonly Resource[];
  readonly securityGroups: readonly string[];
}

/** Addresses that AWS keeps in a subnet, and those that a load balancer wants free for its growth. */
const KEPT_ADDRESSES = 5;
const FREE_ADDRESSES = 8;

/** The subnets that the inputs name, either way. */
export function subnetIds(inputs: Props): string[] {
  const mapped = valuesAt(inputs, "subnetMappings[]").filter(isProps);
  return mapped.length > 0 ? mapped.map((mapping) => text(mapping, "subnetId")) : texts(inputs, "subnets");
}

/** Where the inputs put a load balancer. Throws the errors of Elastic Load Balancing for places where none can stand. */
export function placeOf(operation: Operation, own: readonly string[] = []): Place {
  const { cloud, inputs } = operation;
  const subnets = subnetIds(inputs).map((id) => living(operation, SUBNET, id));
  const zones = subnets.map(({ outputs }) => text(outputs, "availabilityZone"));
  if (new Set(zones).size < zones.length)
    throw invalid("A load balancer cannot be attached to multiple subnets in the same Availability Zone");
  if (zones.length < 2) {
    throw new CloudError("ValidationError", "At least two subnets in two different Availability Zones must be specified");
  }
  const [vpcId = "", ...others] = new Set(subnets.map(({ outputs }) => text(outputs, "vpcId")));
  if (others.length > 0)
    throw new CloudError("InvalidSubnet", `The subnets are in different VPCs: ${[vpcId, ...others].join(", ")}`);
  if (inputs["internal"] !== true) requireInternet(operation, vpcId);
  for (const subnet of subnets) requireRoom(operation, subnet, own);
  const asked = texts(inputs, "securityGroups");
  const securityGroups = asked.length > 0 ? asked : [text(living(operation, VPC, vpcId).outputs, "defaultSecurityGroupId")];
  for (const id of securityGroups) {
    const group = cloud.world.get(SECURITY_GROUP, id, operation.region);
    if (group?.outputs["vpcId"] === vpcId) continue;
    throw invalid(`One or more security groups are invalid: ${id} is not a security group of ${vpcId}, the VPC of the subnets`);
  }
  return { vpcId, subnets, securityGroups };
}

function requireInternet({ cloud: { world } }: Operation, vpcId: string): void {
  if (world.all(INTERNET_GATEWAY).some((gateway) => attachedVpc(world, gateway.id) === vpcId)) return;
  throw new CloudError("InvalidSubnet", `VPC ${vpcId} has no internet gateway; give "internal": true, or attach one`);
}

/** `own` are subnets in which the load balancer stands already. */
function requireRoom({ cloud: { world } }: Operation, { id, outputs }: Resource, own: readonly string[]): void {
  if (own.includes(id)) return;
  const taken = world.all().filter((row) => text(row.outputs, "subnetId") === id && text(row.outputs, "privateIp") !== "").length;
  if (sizeOf(text(outputs, "cidrBlock")) - KEPT_ADDRESSES - taken >= FREE_ADDRESSES) return;
  throw new CloudError(
    "InvalidSubnet",
    `Not enough IP space available in ${id}. ELB requires at least ${FREE_ADDRESSES} free IP addresses in each subnet.`,
  );
}

/**
 * Gives the load balancer a network interface in each of its subnets, as AWS does: they hold the subnets and the security groups as long as it stands. Those in
 * subnets that it left are taken away.
 */
export function putInterfaces(operation: Operation, suffix: string, { securityGroups, subnets }: Place): void {
  const { world } = operation.cloud;
  const description = descriptionOf(suffix);
  const present = interfacesOf(operation, suffix);
  for (const face of present) {
    if (subnets.some(({ id }) => id === face.outputs["subnetId"])) moveInterface(operation, face.id, securityGroups);
    else world.drop(face);
  }
  for (const { id } of subnets) {
    if (present.some(({ outputs }) => outputs["subnetId"] === id)) continue;
    const face = putInterface(operation, { subnetId: id, securityGroupIds: securityGroups, privateIp: "", description });
    if (operation.inputs["internal"] !== true) world.setOutputs(face, { publicIp: freePublicAddress(world) });
  }
}

/** Takes the interfaces of a load balancer away. */
export function dropInterfaces(operation: Pick<Operation, "cloud" | "region">, suffix: string): void {
  for (const face of interfacesOf(operation, suffix)) operation.cloud.world.drop(face);
}

function interfacesOf({ cloud, region }: Pick<Operation, "cloud" | "region">, suffix: string): Resource[] {
  return cloud.world
    .all(NETWORK_INTERFACE)
    .filter((row) => row.region === region && row.outputs["description"] === descriptionOf(suffix));
}

/** As AWS describes them. */
function descriptionOf(suffix: string): string {
  return `ELB ${suffix}`;
}

function invalid(message: string): CloudError {
  return new CloudError("InvalidConfigurationRequest", message);
}

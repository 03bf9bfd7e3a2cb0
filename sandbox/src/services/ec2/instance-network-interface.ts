import { CloudError, type Operation, type Resource, type ResourceDefinition } from "../../core/definition.ts";
import { newId } from "../../core/ids.ts";
import { type Props, text, texts } from "../../core/values.ts";
import { ec2Arn, holds, living, notFound } from "./network-errors.ts";
import { privateDnsName } from "./public-addresses.ts";
import { inSecurityGroup, SECURITY_GROUP } from "./security-group.ts";
import { chosenAddress, freeAddress, SUBNET } from "./subnet.ts";
import { VPC } from "./vpc.ts";
import { ipv4Address } from "./cidr.ts";

export const NETWORK_INTERFACE = "aws:ec2/networkInterface:NetworkInterface";

/** What an interface is to be. */
export interface InterfacePlan {
  readonly subnetId: string;
  /** @default - the VPC's own group */
  readonly securityGroupIds: readonly string[];
  /** @default - the first free one of the subnet */
  readonly privateIp: string;
  readonly description: string;
}

/** The outputs of a new interface. Throws EC2's errors for an address or a group that does not fit the subnet. */
function interfaceOutputs(operation: Operation, id: string, plan: InterfacePlan): Props {
  const { cloud, region } = operation;
  const subnet = living(operation, SUBNET, plan.subnetId);
  const vpcId = text(subnet.outputs, "vpcId");
  const vpc = living(operation, VPC, vpcId);
  const groups = plan.securityGroupIds.length > 0 ? [...plan.securityGroupIds] : [text(vpc.outputs, "defaultSecurityGroupId")];
  checkGroups(operation, groups, subnet);
  const { world } = cloud;
  const privateIp = plan.privateIp === "" ? freeAddress(world, subnet.id) : chosenAddress(world, subnet, plan.privateIp);
  return {
    arn: ec2Arn(operation, `network-interface/${id}`),
    description: plan.description,
    interfaceType: "interface",
    ipv4Prefixes: [],
    ipv6Addresses: [],
    macAddress: macOf(id),
    outpostArn: "",
    ownerId: cloud.account,
    privateDnsName: privateDnsName(privateIp, region),
    privateIp,
    privateIps: [privateIp],
    privateIpsCount: 0,
    securityGroups: groups,
    sourceDestCheck: true,
    subnetId: subnet.id,
  };
}

/** Puts the interface that an instance is born with; it goes with the instance, and holds its subnet and groups until then. */
export function putInterface(operation: Operation, plan: InterfacePlan): Resource {
  const id = newId("eni");
  const outputs: Props = { id, ...interfaceOutputs(operation, id, plan) };
  const inputs = { subnetId: plan.subnetId, securityGroups: outputs["securityGroups"] ?? [] };
  const common = { urn: "", region: operation.region, phase: "ready", claimed: true } as const;
  return operation.cloud.world.put({ ...common, type: NETWORK_INTERFACE, id, inputs, outputs });
}

/** Puts an interface into other groups. */
export function moveInterface(operation: Operation, id: string, securityGroupIds: readonly string[]): void {
  const row = operation.cloud.world.get(NETWORK_INTERFACE, id, operation.region);
  if (row === undefined) return;
  checkGroups(operation, securityGroupIds, living(operation, SUBNET, text(row.outputs, "subnetId")));
  const groups = { securityGroups: [...securityGroupIds] };
  operation.cloud.world.put({ ...row, inputs: { ...row.inputs, ...groups }, outputs: { ...row.outputs, ...groups } });
}

function checkGroups(operation: Operation, ids: readonly string[], subnet: Resource): void {
  for (const id of ids) {
    const group = operation.cloud.world.get(SECURITY_GROUP, id, operation.region);
    if (group === undefined) throw notFound(SECURITY_GROUP, id);
    if (group.outputs["vpcId"] === subnet.outputs["vpcId"]) continue;
    throw new CloudError("InvalidParameter", `Security group ${id} and subnet ${subnet.id} belong to different networks.`);
  }
}

/** A locally administered address made of the interface's id. */
function macOf(id: string): string {
  return ["02", ...(id.slice(-10).match(/../g) ?? [])].join(":");
}

/** A network interface by itself. The sandbox attaches interfaces to instances only when it makes them. */
export const networkInterface: ResourceDefinition = {
  type: NETWORK_INTERFACE,
  replaceOn: ["interfaceType", "subnetId"],
  defaults: { sourceDestCheck: true },
  limits: {
    privateIp: ipv4Address,
    attachments: () => "the sandbox does not attach network interfaces to instances; an instance brings its own",
  },
  references: [holds("subnetId", SUBNET), inSecurityGroup("securityGroups[]")],
  create: (operation) => {
    const { inputs } = operation;
    const id = newId("eni");
    const plan = {
      subnetId: text(inputs, "subnetId"),
      securityGroupIds: texts(inputs, "securityGroups"),
      privateIp: text(inputs, "privateIp") || (texts(inputs, "privateIps")[0] ?? ""),
      description: text(inputs, "description"),
    };
    return { id, outputs: interfaceOutputs(operation, id, plan) };
  },
  update: (operation, before) => {
    const asked = texts(operation.inputs, "securityGroups");
    const securityGroups = asked.length > 0 ? asked : texts(before.outputs, "securityGroups");
    checkGroups(operation, securityGroups, living(operation, SUBNET, text(before.outputs, "subnetId")));
    return { securityGroups };
  },
};

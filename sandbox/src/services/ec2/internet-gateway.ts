import { CloudError } from "../../core/definition.ts";
import type { Operation, ResourceDefinition } from "../../core/definition.ts";
import { newId } from "../../core/ids.ts";
import type { Props } from "../../core/values.ts";
import { text } from "../../core/values.ts";
import type { World } from "../../core/world.ts";
import { ec2Arn, holds, quota } from "./network-errors.ts";
import { VPC } from "./vpc.ts";

export const INTERNET_GATEWAY = "aws:ec2/internetGateway:InternetGateway";
export const INTERNET_GATEWAY_ATTACHMENT = "aws:ec2/internetGatewayAttachment:InternetGatewayAttachment";

/** The VPC that an internet gateway hangs on, by its own `vpcId` or by an attachment; "" for none. */
export function attachedVpc(world: World, gatewayId: string): string {
  const own = text(world.get(INTERNET_GATEWAY, gatewayId)?.outputs ?? {}, "vpcId");
  if (own !== "") return own;
  const attachment = world.all(INTERNET_GATEWAY_ATTACHMENT).find((row) => text(row.inputs, "internetGatewayId") === gatewayId);
  return text(attachment?.inputs ?? {}, "vpcId");
}

/** Refuses a second gateway for a VPC. */
export function refuseSecondGateway(world: World, vpcId: string, gatewayId: string): void {
  const other = world
    .all(INTERNET_GATEWAY)
    .find((gateway) => gateway.id !== gatewayId && attachedVpc(world, gateway.id) === vpcId);
  if (other !== undefined)
    throw new CloudError("InvalidParameterValue", `Network ${vpcId} already has an internet gateway attached: ${other.id}`);
}

function attach({ cloud, inputs }: Operation, gatewayId: string): Props {
  const vpcId = text(inputs, "vpcId");
  if (vpcId !== "") refuseSecondGateway(cloud.world, vpcId, gatewayId);
  return { vpcId };
}

/** A VPC's door to the internet. */
export const internetGateway: ResourceDefinition = {
  type: INTERNET_GATEWAY,
  replaceOn: [],
  references: [holds("vpcId", VPC)],
  create: (operation) => {
    const { world, account } = operation.cloud;
    const present = world.all(INTERNET_GATEWAY).filter((gateway) => gateway.region === operation.region).length;
    quota(present, 5, "InternetGatewayLimitExceeded", "The maximum number of internet gateways has been reached.");
    const id = newId("igw");
    return { id, outputs: { ...attach(operation, id), arn: ec2Arn(operation, `internet-gateway/${id}`), ownerId: account } };
  },
  update: (operation, before) => attach(operation, before.id),
};

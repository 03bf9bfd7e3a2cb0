import { CloudError } from "../../core/definition.ts";
import type { ResourceDefinition } from "../../core/definition.ts";
import { text } from "../../core/values.ts";
import { INTERNET_GATEWAY, INTERNET_GATEWAY_ATTACHMENT, attachedVpc, refuseSecondGateway } from "./internet-gateway.ts";
import { holds } from "./network-errors.ts";
import { VPC } from "./vpc.ts";

/** Hangs an internet gateway on a VPC. */
export const internetGatewayAttachment: ResourceDefinition = {
  type: INTERNET_GATEWAY_ATTACHMENT,
  replaceOn: ["internetGatewayId", "vpcId"],
  references: [holds("internetGatewayId", INTERNET_GATEWAY), holds("vpcId", VPC)],
  create: ({ cloud, inputs }) => {
    const [gatewayId, vpcId] = [text(inputs, "internetGatewayId"), text(inputs, "vpcId")];
    const present = attachedVpc(cloud.world, gatewayId);
    if (present !== "")
      throw new CloudError("Resource.AlreadyAssociated", `resource ${gatewayId} is already attached to network ${present}`);
    refuseSecondGateway(cloud.world, vpcId, gatewayId);
    return { id: `${gatewayId}:${vpcId}` };
  },
};

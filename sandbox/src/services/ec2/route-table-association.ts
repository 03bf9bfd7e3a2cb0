import { CloudError } from "../../core/definition.ts";
import type { Operation, ResourceDefinition } from "../../core/definition.ts";
import { newId } from "../../core/ids.ts";
import { text } from "../../core/values.ts";
import { given } from "../limits.ts";
import { INTERNET_GATEWAY, attachedVpc } from "./internet-gateway.ts";
import { holds, living, names } from "./network-errors.ts";
import { ROUTE_TABLE } from "./route-table.ts";
import { SUBNET } from "./subnet.ts";

const ASSOCIATION = "aws:ec2/routeTableAssociation:RouteTableAssociation";

function checkSameNetwork(operation: Operation): void {
  const { cloud, inputs } = operation;
  const table = living(operation, ROUTE_TABLE, text(inputs, "routeTableId"));
  const [subnetId, gatewayId] = [text(inputs, "subnetId"), text(inputs, "gatewayId")];
  const vpcId =
    subnetId === "" ? attachedVpc(cloud.world, gatewayId) : text(living(operation, SUBNET, subnetId).outputs, "vpcId");
  if (vpcId === text(table.outputs, "vpcId")) return;
  const partner = subnetId === "" ? `gateway ${gatewayId}` : `subnet ${subnetId}`;
  throw new CloudError("InvalidParameterValue", `Route table ${table.id} and ${partner} belong to different networks`);
}

/** Gives a subnet (or a gateway) a route table other than the VPC's main one. */
export const routeTableAssociation: ResourceDefinition = {
  type: ASSOCIATION,
  replaceOn: ["gatewayId", "subnetId"],
  limits: {
    routeTableId: (_value, inputs) => {
      const found = given(inputs, ["subnetId", "gatewayId"]);
      return found.length === 1
        ? undefined
        : `exactly one of subnetId, gatewayId must be given (given: ${found.join(", ") || "none"})`;
    },
  },
  // An association ends with its subnet, so it does not keep the subnet.
  references: [holds("routeTableId", ROUTE_TABLE), names("subnetId", SUBNET), names("gatewayId", INTERNET_GATEWAY)],
  create: (operation) => {
    checkSameNetwork(operation);
    const { cloud, inputs } = operation;
    const partner = text(inputs, "subnetId") || text(inputs, "gatewayId");
    const present = cloud.world
      .all(ASSOCIATION)
      .find((row) => (text(row.inputs, "subnetId") || text(row.inputs, "gatewayId")) === partner);
    if (present !== undefined) {
      throw new CloudError(
        "Resource.AlreadyAssociated",
        `the specified association for route table ${text(inputs, "routeTableId")} conflicts with an existing association (${present.id} of ${partner})`,
      );
    }
    return { id: newId("rtbassoc") };
  },
  update: (operation) => {
    checkSameNetwork(operation);
    return {};
  },
};

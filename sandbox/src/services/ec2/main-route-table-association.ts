import { CloudError } from "../../core/definition.ts";
import type { Operation, ResourceDefinition } from "../../core/definition.ts";
import { newId } from "../../core/ids.ts";
import { text } from "../../core/values.ts";
import { holds, living, names } from "./network-errors.ts";
import { ROUTE_TABLE } from "./route-table.ts";
import { VPC } from "./vpc.ts";

/** Makes the table the VPC's main one and returns the one that was. */
function makeMain(operation: Operation): string {
  const { cloud, inputs } = operation;
  const vpc = living(operation, VPC, text(inputs, "vpcId"));
  const table = living(operation, ROUTE_TABLE, text(inputs, "routeTableId"));
  if (text(table.outputs, "vpcId") !== vpc.id) {
    throw new CloudError("InvalidParameterValue", `Route table ${table.id} and network ${vpc.id} belong to different networks`);
  }
  cloud.world.setOutputs(vpc, { mainRouteTableId: table.id });
  return text(vpc.outputs, "mainRouteTableId");
}

/** Replaces a VPC's main route table; deleting it puts the original one back. */
export const mainRouteTableAssociation: ResourceDefinition = {
  type: "aws:ec2/mainRouteTableAssociation:MainRouteTableAssociation",
  replaceOn: [],
  references: [names("vpcId", VPC), holds("routeTableId", ROUTE_TABLE)],
  create: (operation) => ({ id: newId("rtbassoc"), outputs: { originalRouteTableId: makeMain(operation) } }),
  update: (operation) => {
    makeMain(operation);
    return {};
  },
  remove: ({ world }, association) => {
    const vpc = world.get(VPC, text(association.outputs, "vpcId"));
    if (vpc !== undefined) world.setOutputs(vpc, { mainRouteTableId: text(association.outputs, "originalRouteTableId") });
  },
};

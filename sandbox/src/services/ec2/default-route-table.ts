import type { ResourceDefinition } from "../../core/definition.ts";
import { text } from "../../core/values.ts";
import { living, names } from "./network-errors.ts";
import { ROUTE_TABLE, checkRoutes, routeLimits } from "./route-table.ts";
import { targetReferences } from "./route-targets.ts";

/** Takes over the route table that a VPC was born with. Deleting it only lets go of it. */
export const defaultRouteTable: ResourceDefinition = {
  type: "aws:ec2/defaultRouteTable:DefaultRouteTable",
  replaceOn: ["defaultRouteTableId"],
  limits: routeLimits,
  references: [names("defaultRouteTableId", ROUTE_TABLE), ...targetReferences("routes[].")],
  create: (operation) => {
    const table = living(operation, ROUTE_TABLE, text(operation.inputs, "defaultRouteTableId"));
    const routes = checkRoutes(operation, table.id, text(table.outputs, "vpcId"));
    operation.cloud.world.setOutputs(table, { routes });
    const { arn, ownerId, vpcId } = table.outputs;
    return { id: table.id, outputs: { arn, ownerId, vpcId, routes, propagatingVgws: operation.inputs["propagatingVgws"] ?? [] } };
  },
  update: (operation, before) => {
    const routes = checkRoutes(operation, before.id, text(before.outputs, "vpcId"));
    operation.cloud.world.setOutputs(living(operation, ROUTE_TABLE, before.id), { routes });
    return { routes };
  },
};

import { crc32 } from "node:zlib";
import { CloudError } from "../../core/definition.ts";
import type { ResourceDefinition } from "../../core/definition.ts";
import { text, texts } from "../../core/values.ts";
import { holds, living, names } from "./network-errors.ts";
import { ROUTE_TABLE } from "./route-table.ts";
import { VPC_ENDPOINT } from "./vpc-endpoint.ts";

const ASSOCIATION = "aws:ec2/vpcEndpointRouteTableAssociation:VpcEndpointRouteTableAssociation";

/** Lets the subnets of one route table reach a gateway endpoint. */
export const vpcEndpointRouteTableAssociation: ResourceDefinition = {
  type: ASSOCIATION,
  replaceOn: ["routeTableId", "vpcEndpointId"],
  references: [holds("routeTableId", ROUTE_TABLE), names("vpcEndpointId", VPC_ENDPOINT)],
  create: (operation) => {
    const { cloud, inputs } = operation;
    const endpoint = living(operation, VPC_ENDPOINT, text(inputs, "vpcEndpointId"));
    const table = living(operation, ROUTE_TABLE, text(inputs, "routeTableId"));
    if (text(endpoint.outputs, "vpcEndpointType") !== "Gateway") {
      throw new CloudError(
        "InvalidParameter",
        `Endpoint ${endpoint.id} is of type 'Interface'; only a 'Gateway' endpoint takes route tables.`,
      );
    }
    if (text(endpoint.outputs, "vpcId") !== text(table.outputs, "vpcId")) {
      throw new CloudError("InvalidParameter", `Route table ${table.id} does not belong to ${text(endpoint.outputs, "vpcId")}`);
    }
    const list = text(endpoint.outputs, "prefixListId");
    const rival = cloud.world
      .all(VPC_ENDPOINT)
      .filter((row) => text(row.outputs, "prefixListId") === list && text(row.outputs, "vpcId") === text(table.outputs, "vpcId"));
    const inline = rival.some((row) => texts(row.inputs, "routeTableIds").includes(table.id));
    const standalone = cloud.world
      .all(ASSOCIATION)
      .some(
        (row) =>
          text(row.inputs, "routeTableId") === table.id && rival.some((one) => one.id === text(row.inputs, "vpcEndpointId")),
      );
    if (inline || standalone) {
      throw new CloudError(
        "RouteAlreadyExists",
        `route table ${table.id} already has a route with destination-prefix-list-id ${list}`,
      );
    }
    return { id: `a-${endpoint.id}${crc32(table.id)}` };
  },
};

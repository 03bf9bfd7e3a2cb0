import { CloudError } from "../../core/definition.ts";
import type { Operation, ResourceDefinition } from "../../core/definition.ts";
import type { Props } from "../../core/values.ts";
import { text, valuesAt } from "../../core/values.ts";
import { ipv4Block, ipv6Block } from "./cidr.ts";
import { living, names, quota } from "./network-errors.ts";
import { MOST_ROUTES, ROUTE_TABLE } from "./route-table.ts";
import {
  DESTINATIONS,
  destinationKey,
  destinationOf,
  refuseForeignTarget,
  routeFault,
  routeId,
  targetReferences,
} from "./route-targets.ts";
import { VPC } from "./vpc.ts";

const ROUTE = "aws:ec2/route:Route";

function checkTarget(operation: Operation): string {
  const table = living(operation, ROUTE_TABLE, text(operation.inputs, "routeTableId"));
  const vpcId = text(table.outputs, "vpcId");
  refuseForeignTarget(operation.cloud.world, table.id, vpcId, operation.inputs);
  return vpcId;
}

function create(operation: Operation): ReturnType<ResourceDefinition["create"]> {
  const { cloud, inputs } = operation;
  const vpcId = checkTarget(operation);
  const tableId = text(inputs, "routeTableId");
  const standalone = cloud.world.all(ROUTE).filter((route) => text(route.inputs, "routeTableId") === tableId);
  const inline = valuesAt(cloud.world.get(ROUTE_TABLE, tableId)?.outputs ?? {}, "routes[]") as Props[];
  const local = { cidrBlock: text(cloud.world.get(VPC, vpcId)?.outputs ?? {}, "cidrBlock") };
  quota(standalone.length + inline.length, MOST_ROUTES, "RouteLimitExceeded", "The maximum number of routes has been reached.");
  const key = destinationKey(inputs);
  if ([...standalone.map((route) => route.inputs), ...inline, local].some((route) => destinationKey(route) === key)) {
    throw new CloudError("RouteAlreadyExists", `The route identified by ${destinationOf(inputs)} already exists.`);
  }
  return {
    id: routeId(tableId, destinationOf(inputs)),
    outputs: { origin: "CreateRoute", state: "active", instanceId: "", instanceOwnerId: "" },
  };
}

/** One route of a table, as a resource of its own. */
export const route: ResourceDefinition = {
  type: ROUTE,
  replaceOn: ["destinationCidrBlock", "destinationIpv6CidrBlock", "destinationPrefixListId", "routeTableId"],
  limits: {
    routeTableId: (_value, inputs) => routeFault(inputs, DESTINATIONS),
    destinationCidrBlock: ipv4Block,
    destinationIpv6CidrBlock: ipv6Block,
  },
  references: [names("routeTableId", ROUTE_TABLE), ...targetReferences("")],
  create,
  update: (operation) => {
    checkTarget(operation);
    return {};
  },
};

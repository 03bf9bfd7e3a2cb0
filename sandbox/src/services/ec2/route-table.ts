import { CloudError } from "../../core/definition.ts";
import type { Operation, ResourceDefinition } from "../../core/definition.ts";
import { newId } from "../../core/ids.ts";
import type { Props } from "../../core/values.ts";
import { text, valuesAt } from "../../core/values.ts";
import { ipv4Block, ipv6Block } from "./cidr.ts";
import { dependencyViolation, ec2Arn, holds, quota } from "./network-errors.ts";
import { destinationKey, destinationOf, refuseForeignTarget, routeFault, targetReferences } from "./route-targets.ts";
import { VPC } from "./vpc.ts";

export const ROUTE_TABLE = "aws:ec2/routeTable:RouteTable";
/** Routes per route table (Amazon VPC User Guide, "Amazon VPC quotas"). */
export const MOST_ROUTES = 500;

/** The inline routes, each with its full set of names as the provider reads them back. */
function routesOf(inputs: Props): Props[] {
  return valuesAt(inputs, "routes[]").filter(
    (route): route is Props => route !== null && typeof route === "object" && !Array.isArray(route),
  );
}

/** The inline routes. Refuses too many, one destination twice, and targets of another network. */
export function checkRoutes({ cloud, inputs }: Operation, tableId: string, vpcId: string): Props[] {
  const routes = routesOf(inputs);
  quota(routes.length - 1, MOST_ROUTES, "RouteLimitExceeded", "The maximum number of routes has been reached.");
  const seen = new Set<string>();
  for (const route of routes) {
    const key = destinationKey(route);
    if (seen.has(key))
      throw new CloudError("RouteAlreadyExists", `The route identified by ${destinationOf(route)} already exists.`);
    seen.add(key);
    refuseForeignTarget(cloud.world, tableId, vpcId, route);
  }
  return routes;
}

/** Checks of inline routes; shared with the default route table. */
export const routeLimits: NonNullable<ResourceDefinition["limits"]> = {
  "routes[]": (route) =>
    route !== null && typeof route === "object" && !Array.isArray(route)
      ? routeFault(route, ["cidrBlock", "ipv6CidrBlock", "destinationPrefixListId"])
      : "a route must be an object",
  "routes[].cidrBlock": ipv4Block,
  "routes[].ipv6CidrBlock": ipv6Block,
};

/** Routes for the subnets that are associated with it. */
export const routeTable: ResourceDefinition = {
  type: ROUTE_TABLE,
  replaceOn: ["vpcId"],
  limits: routeLimits,
  references: [holds("vpcId", VPC), ...targetReferences("routes[].")],
  create: (operation) => {
    const { cloud, inputs } = operation;
    const present = cloud.world.all(ROUTE_TABLE).filter((table) => text(table.outputs, "vpcId") === text(inputs, "vpcId")).length;
    quota(present, 200, "RouteTableLimitExceeded", "The maximum number of route tables has been reached.");
    const id = newId("rtb");
    return {
      id,
      outputs: {
        arn: ec2Arn(operation, `route-table/${id}`),
        ownerId: cloud.account,
        routes: checkRoutes(operation, id, text(inputs, "vpcId")),
        propagatingVgws: inputs["propagatingVgws"] ?? [],
      },
    };
  },
  update: (operation, before) => ({ routes: checkRoutes(operation, before.id, text(before.outputs, "vpcId")) }),
  remove: ({ world }, table) => {
    if (world.by(VPC, "mainRouteTableId", table.id) !== undefined) throw dependencyViolation(table);
    // Standalone routes go with their table.
    for (const route of world.all("aws:ec2/route:Route")) if (text(route.inputs, "routeTableId") === table.id) world.drop(route);
  },
};

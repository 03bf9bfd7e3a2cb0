import type { NatGatewayArgs } from "@pulumi/aws/ec2/natGateway.js";
import type { RouteArgs } from "@pulumi/aws/ec2/route.js";
import type { RouteTableArgs } from "@pulumi/aws/ec2/routeTable.js";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

export default rule({
  id: "gateway-used",
  title: "Something is routed through every NAT gateway",
  severity: "medium",
  description: "A NAT gateway costs about 35 dollars a month, whether or not anything passes through it.",
  remediation: "Add an aws.ec2.Route to it, or remove the gateway.",
  controls: { wellArchitected: ["COST04", "COST08"] },
  inStack: {
    "aws:ec2/natGateway:NatGateway": (gateway: Resource<NatGatewayArgs>, { fail }, stack) => {
      const routes = stack.linked<RouteArgs>("aws:ec2/route:Route", "natGatewayId", gateway);
      // Within a table of routes the engine knows where the ids come from.
      const tables = stack
        .ofType<RouteTableArgs>("aws:ec2/routeTable:RouteTable")
        .filter(({ propertyDependencies: { routes: sources = [] } }) => sources.includes(gateway.urn));
      if (routes.length + tables.length === 0) fail(gateway, "no route leads through the gateway", "one must, or it must go");
    },
  },
});

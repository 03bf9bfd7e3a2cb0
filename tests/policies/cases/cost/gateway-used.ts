import rule from "../../../../policies/rules/cost/gateway-used.ts";
import { casesOf, type FixtureResource, ref, UNKNOWN } from "../../support/cases.ts";

const gateway: FixtureResource = ["aws:ec2/natGateway:NatGateway", { subnetId: "subnet-a" }];
const route = (natGatewayId: unknown): FixtureResource => ["aws:ec2/route:Route", { natGatewayId }];
const says = "out: no route leads through the gateway; one must, or it must go.";

export default casesOf(rule, {
  passes: {
    "a gateway with a route": { given: { out: gateway, way: route(ref("out")) } },
    "a gateway in a table of routes": {
      given: { out: gateway, table: ["aws:ec2/routeTable:RouteTable", { routes: [{ natGatewayId: ref("out") }] }] },
    },
  },
  fails: {
    "a gateway without a route": { given: { out: gateway }, says },
    "a gateway beside a route to another": { given: { out: gateway, way: route("nat-1") }, says },
  },
  unknown: {
    "a route that may lead through it": { given: { out: gateway, way: route(UNKNOWN) }, open: "out: way.natGatewayId" },
  },
  survives: {
    "out: subnetId: *": "where it stands does not matter",
  },
});

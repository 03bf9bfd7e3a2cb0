import rule from "../../../../policies/rules/network/network-in-several-zones.ts";
import { casesOf, type FixtureResource, ref, UNKNOWN } from "../../support/cases.ts";

const VPC = "aws:ec2/vpc:Vpc";
const subnet = (zone: Readonly<Record<string, unknown>>, vpcId: unknown = ref("main")): FixtureResource => [
  "aws:ec2/subnet:Subnet",
  { vpcId, ...zone },
];
const a = subnet({ availabilityZone: "eu-central-1a" });
const b = subnet({ availabilityZone: "eu-central-1b" });
const OTHER = "the subnets still stand in two zones, or in none that is known here";

export default casesOf(rule, {
  passes: {
    "subnets in two zones": { given: { main: [VPC, {}], a, b } },
    "subnets in two zones by their ids": {
      given: {
        main: [VPC, {}],
        a: subnet({ availabilityZoneId: "euc1-az1" }),
        b: subnet({ availabilityZoneId: "euc1-az2" }),
      },
    },
    "a network without subnets here": { given: { main: [VPC, {}] } },
  },
  fails: {
    "subnets in one zone": {
      given: { main: [VPC, {}], a, again: a },
      says: "main: all subnets stand in eu-central-1a; they must stand in at least 2 zones.",
    },
    "subnets of which AWS chooses the zone": {
      given: { main: [VPC, {}], one: subnet({}), two: subnet({}) },
      says: "main: all subnets stand in a zone that nobody chose; they must stand in at least 2 zones.",
    },
  },
  unknown: {
    "a zone that is chosen later": {
      given: { main: [VPC, {}], a, b: subnet({ availabilityZone: UNKNOWN }) },
      open: "main: b.availabilityZone",
    },
    "a subnet of which nobody knows where it stands": {
      given: { main: [VPC, {}], a, b: subnet({ availabilityZone: "eu-central-1b" }, UNKNOWN) },
      open: "main: b.vpcId",
    },
  },
  survives: { "*: availabilityZone: *": OTHER, "*: availabilityZoneId: *": OTHER },
});

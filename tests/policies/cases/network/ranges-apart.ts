import rule from "../../../../policies/rules/network/ranges-apart.ts";
import { casesOf, type FixtureResource, ref, UNKNOWN } from "../../support/cases.ts";

const vpc = (cidrBlock: unknown): FixtureResource => ["aws:ec2/vpc:Vpc", { cidrBlock }];
const subnet = (cidrBlock: unknown, vpcId: unknown = ref("main")): FixtureResource => [
  "aws:ec2/subnet:Subnet",
  { vpcId, cidrBlock },
];
const ELSEWHERE = "what is no range, or is a range elsewhere, overlaps nothing";

export default casesOf(rule, {
  passes: {
    "two networks side by side": { given: { main: vpc("10.0.0.0/16"), other: vpc("10.1.0.0/16") } },
    "two subnets side by side": { given: { main: vpc("10.0.0.0/16"), a: subnet("10.0.0.0/24"), b: subnet("10.0.1.0/24") } },
    "the same range in two networks that are made elsewhere": {
      given: { a: subnet("10.0.0.0/24", "vpc-1"), b: subnet("10.0.0.0/24", "vpc-2") },
    },
    "a network that takes its range from a pool": {
      given: { main: ["aws:ec2/vpc:Vpc", { ipv4IpamPoolId: "ipam-pool-1" }], other: vpc("10.0.0.0/16") },
      cannotBreak: "the pool keeps ranges apart",
    },
  },
  fails: {
    "two networks of which one holds the other": {
      given: { main: vpc("10.0.0.0/8"), other: vpc("10.1.0.0/16"), third: vpc("192.168.0.0/16") },
      says: [
        "main: 10.0.0.0/8 overlaps 10.1.0.0/16 of other; it must be apart.",
        "other: 10.1.0.0/16 overlaps 10.0.0.0/8 of main; it must be apart.",
      ],
    },
    "two subnets in the same place": {
      given: { a: subnet("10.0.0.0/24", "vpc-1"), b: subnet("10.0.0.128/25", "vpc-1") },
      says: [
        "a: 10.0.0.0/24 overlaps 10.0.0.128/25 of b; it must be apart.",
        "b: 10.0.0.128/25 overlaps 10.0.0.0/24 of a; it must be apart.",
      ],
    },
  },
  unknown: {
    "a range that is chosen later": { given: { main: vpc(UNKNOWN), other: vpc("10.0.0.0/16") }, open: "main: cidrBlock" },
  },
  survives: {
    "*: cidrBlock: left out": ELSEWHERE,
    "*: cidrBlock: empty": ELSEWHERE,
    "*: vpcId*": "subnets of different networks may hold the same addresses",
    "main: cidrBlock: another text": "a subnet is not compared with its network",
    "a: cidrBlock: another text": "subnets of different networks may hold the same addresses",
    "b: cidrBlock: another text": "subnets of different networks may hold the same addresses",
  },
});

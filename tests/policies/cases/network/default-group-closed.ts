import rule from "../../../../policies/rules/network/default-group-closed.ts";
import { casesOf, ref, UNKNOWN } from "../../support/cases.ts";

const VPC = "aws:ec2/vpc:Vpc";
const GROUP = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup";
const opening = { protocol: "-1", fromPort: 0, toPort: 0, self: true };
const closed = "it must be left out, so that it lets nothing through.";

export default casesOf(rule, {
  passes: {
    "a VPC whose default group is empty": {
      given: { shop: [VPC, { cidrBlock: "10.0.0.0/16" }], closed: [GROUP, { vpcId: ref("shop") }] },
    },
    "a default group with empty lists": {
      given: { shop: [VPC, {}], closed: [GROUP, { vpcId: ref("shop"), ingress: [], egress: [] }] },
    },
  },
  fails: {
    "a VPC whose default group nobody looked at": {
      given: { shop: [VPC, { cidrBlock: "10.0.0.0/16" }] },
      says: "shop: the VPC has no DefaultSecurityGroup, so its own lets all of its members reach each other; it must have one without rules.",
    },
    "a default group with rules": {
      given: { shop: [VPC, {}], open: [GROUP, { vpcId: ref("shop"), ingress: [opening], egress: [opening] }] },
      says: [
        `open: ingress is [{"protocol":"-1","fromPort":0,"toPort":0,"self":true}]; ${closed}`,
        `open: egress is [{"protocol":"-1","fromPort":0,"toPort":0,"self":true}]; ${closed}`,
      ],
    },
  },
  unknown: {
    "rules that are not known": {
      given: { shop: [VPC, {}], closed: [GROUP, { vpcId: ref("shop"), ingress: UNKNOWN }] },
      open: "closed: ingress",
    },
    "a default group of which nobody knows whose it is": {
      given: { shop: [VPC, {}], closed: [GROUP, { vpcId: UNKNOWN }] },
      open: "shop: closed.vpcId",
    },
  },
  survives: {
    "shop: cidrBlock: *": "the addresses of the VPC change nothing",
    "closed: *gress: left out": "no rules are no rules",
  },
});

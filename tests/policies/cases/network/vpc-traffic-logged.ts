import rule from "../../../../policies/rules/network/vpc-traffic-logged.ts";
import { casesOf, ref, UNKNOWN } from "../../support/cases.ts";

const VPC = "aws:ec2/vpc:Vpc";
const LOG = "aws:ec2/flowLog:FlowLog";

export default casesOf(rule, {
  passes: {
    "a VPC with a log of everything": { given: { shop: [VPC, {}], flows: [LOG, { vpcId: ref("shop"), trafficType: "ALL" }] } },
    "a VPC with a log of what is rejected": {
      given: { shop: [VPC, {}], flows: [LOG, { vpcId: ref("shop"), trafficType: "REJECT" }] },
    },
  },
  fails: {
    "a VPC without a log": { given: { shop: [VPC, {}] }, says: "shop: the VPC has no FlowLog; it must have one." },
    "a log of a subnet only": {
      given: { shop: [VPC, {}], flows: [LOG, { subnetId: "subnet-1", trafficType: "ALL" }] },
      says: "shop: the VPC has no FlowLog; it must have one.",
    },
    "a log that leaves out what is rejected": {
      given: { shop: [VPC, {}], flows: [LOG, { vpcId: ref("shop"), trafficType: "ACCEPT" }] },
      says: 'shop: the FlowLog of the VPC leaves out what was rejected; its trafficType must be "REJECT" or "ALL".',
    },
  },
  unknown: {
    "a log of which nobody knows whose it is": {
      given: { shop: [VPC, {}], flows: [LOG, { vpcId: UNKNOWN, trafficType: "ALL" }] },
      open: "shop: flows.vpcId",
    },
    "a kind of traffic that is chosen later": {
      given: { shop: [VPC, {}], flows: [LOG, { vpcId: ref("shop"), trafficType: UNKNOWN }] },
      open: "shop: trafficType",
    },
  },
  survives: { "flows: trafficType: *": "AWS refuses any other kind, and ACCEPT alone leaves something out" },
});

import rule from "../../../../policies/rules/network/subnet-private-by-default.ts";
import { casesOf, UNKNOWN } from "../../support/cases.ts";

const SUBNET = "aws:ec2/subnet:Subnet";

export default casesOf(rule, {
  passes: {
    "a subnet that gives no addresses": { given: [SUBNET, { mapPublicIpOnLaunch: false }] },
    "a subnet that says nothing of it": { given: [SUBNET, {}] },
  },
  fails: {
    "a subnet that gives them": {
      given: [SUBNET, { mapPublicIpOnLaunch: true }],
      says: "mapPublicIpOnLaunch is true; it must be false.",
    },
  },
  unknown: {
    "a subnet of which it is decided later": { given: [SUBNET, { mapPublicIpOnLaunch: UNKNOWN }], open: "mapPublicIpOnLaunch" },
  },
  survives: { "mapPublicIpOnLaunch: left out": "a subnet gives no addresses unless it is told otherwise" },
});

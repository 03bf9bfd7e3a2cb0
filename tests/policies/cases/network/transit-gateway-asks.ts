import rule from "../../../../policies/rules/network/transit-gateway-asks.ts";
import { casesOf, UNKNOWN } from "../../support/cases.ts";

const GATEWAY = "aws:ec2transitgateway/transitGateway:TransitGateway";

export default casesOf(rule, {
  passes: {
    "a gateway that asks": { given: [GATEWAY, { autoAcceptSharedAttachments: "disable" }] },
    "a gateway that says nothing of it": { given: [GATEWAY, {}] },
  },
  fails: {
    "a gateway that takes every network": {
      given: [GATEWAY, { autoAcceptSharedAttachments: "enable" }],
      says: 'autoAcceptSharedAttachments is "enable"; it must be "disable".',
    },
  },
  unknown: {
    "a gateway of which it is decided later": {
      given: [GATEWAY, { autoAcceptSharedAttachments: UNKNOWN }],
      open: "autoAcceptSharedAttachments",
    },
  },
  survives: { "autoAcceptSharedAttachments: left out": "a gateway asks unless it is told otherwise" },
});

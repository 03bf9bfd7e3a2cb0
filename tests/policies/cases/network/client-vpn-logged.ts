import rule from "../../../../policies/rules/network/client-vpn-logged.ts";
import { casesOf, UNKNOWN } from "../../support/cases.ts";

const VPN = "aws:ec2clientvpn/endpoint:Endpoint";

export default casesOf(rule, {
  passes: { "a VPN that is logged": { given: [VPN, { connectionLogOptions: { enabled: true } }] } },
  fails: {
    "a VPN that is not": {
      given: [VPN, { connectionLogOptions: { enabled: false } }],
      says: "connectionLogOptions.enabled is false; it must be true.",
    },
    "a VPN that says nothing of it": { given: [VPN, {}], says: "connectionLogOptions.enabled is nothing; it must be true." },
  },
  unknown: { "options that are not known": { given: [VPN, { connectionLogOptions: UNKNOWN }], open: "connectionLogOptions" } },
});

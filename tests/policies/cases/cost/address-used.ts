import rule from "../../../../policies/rules/cost/address-used.ts";
import { casesOf, ref, UNKNOWN } from "../../support/cases.ts";

const ADDRESS = "aws:ec2/eip:Eip";
const says = "out: nothing in the stack uses the address; something must, or it must go.";
const ANY = "another server has it as well";

export default casesOf(rule, {
  passes: {
    "an address of a gateway": {
      given: { out: [ADDRESS, {}], nat: ["aws:ec2/natGateway:NatGateway", { allocationId: ref("out", "allocationId") }] },
    },
    "an address of a server": { given: { out: [ADDRESS, { instance: "i-1" }] } },
    "an address of a card": { given: { out: [ADDRESS, { networkInterface: "eni-1" }] } },
    "an address of a server that is made with it": {
      given: { server: ["aws:ec2/instance:Instance", {}], out: [ADDRESS, { instance: ref("server") }] },
    },
  },
  fails: {
    "an address that nothing has": { given: { out: [ADDRESS, {}] }, says },
    "an address that is only written down": {
      given: { out: [ADDRESS, {}], name: ["aws:route53/record:Record", { records: [ref("out", "publicIp")] }] },
      says,
    },
  },
  unknown: { "a server that nobody knows": { given: { out: [ADDRESS, { instance: UNKNOWN }] }, open: "out: instance" } },
  survives: {
    "out: instance: another text": ANY,
    "out: networkInterface: another text": ANY,
    "server: left out": "the server may be of another stack",
  },
});

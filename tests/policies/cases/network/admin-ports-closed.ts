import rule from "../../../../policies/rules/network/admin-ports-closed.ts";
import { casesOf, UNKNOWN } from "../../support/cases.ts";
import { NOBODY_COMES_IN, openingOf, OPENINGS } from "../../support/openings.ts";

const ssh = { from: 22, to: 22 };
const says = "0.0.0.0/0 may reach port 22; nobody may reach: 22.";

export default casesOf(rule, {
  passes: {
    ...Object.fromEntries(
      OPENINGS.map((type) => [
        `SSH for the network, in a ${type}`,
        { given: openingOf(type, { ...ssh, source: "10.0.0.0/16" }) },
      ]),
    ),
    "TLS for everyone": { given: openingOf("SecurityGroupIngressRule", { from: 443, to: 443, source: "0.0.0.0/0" }) },
    "everything for the outside": {
      given: [
        "aws:ec2/securityGroupRule:SecurityGroupRule",
        { type: "egress", protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ["0.0.0.0/0"] },
      ],
      cannotBreak: "the rule is about the inside",
    },
  },
  fails: {
    ...Object.fromEntries(
      OPENINGS.map((type) => [
        `SSH for everyone, in a ${type}`,
        { given: openingOf(type, { ...ssh, source: "0.0.0.0/0" }), says },
      ]),
    ),
    "a range that holds both": {
      given: openingOf("SecurityGroup", { from: 0, to: 65535, source: "::/0" }),
      says: "::/0 may reach ports 0-65535; nobody may reach: 22, 3389.",
    },
    "every port": {
      given: openingOf("SecurityGroupIngressRule", { protocol: "-1", source: "::/0" }),
      says: "::/0 may reach every port; nobody may reach: 22, 3389.",
    },
    "a port that the project counts among them": {
      given: openingOf("SecurityGroup", { from: 5985, to: 5986, source: "0.0.0.0/0" }),
      config: { ports: [5986] },
      says: "0.0.0.0/0 may reach ports 5985-5986; nobody may reach: 5986.",
    },
  },
  unknown: {
    "a source that is not known": {
      given: openingOf("SecurityGroup", { ...ssh, source: UNKNOWN }),
      open: "ingress[0].cidrBlocks[0]",
    },
  },
  survives: {
    ...NOBODY_COMES_IN,
    "*Port: *": "from the network any port may be reached, and from the internet one that is not for managing",
    "*rotocol: *": "from the network any protocol may be used, and from the internet one is judged by its ports",
    "*: another text": "the port is not for managing, or the source is not everyone",
  },
});

import rule from "../../../../policies/rules/network/acl-admin-ports-closed.ts";
import { casesOf, forEach, UNKNOWN } from "../../support/cases.ts";

const LISTS = ["aws:ec2/networkAcl:NetworkAcl", "aws:ec2/defaultNetworkAcl:DefaultNetworkAcl"];
const ENTRY = "aws:ec2/networkAclRule:NetworkAclRule";
const entry = { ruleNo: 100, action: "allow", protocol: "tcp", fromPort: 1024, toPort: 3388, cidrBlock: "10.0.0.0/16" };
const own = { ruleNumber: 100, ruleAction: "allow", protocol: "tcp", fromPort: 22, toPort: 22, cidrBlock: "10.0.0.0/16" };
const says = "0.0.0.0/0 may reach ports 1024-65535; nobody may reach: 3389.";

export default casesOf(rule, {
  passes: {
    ...forEach(LISTS, "a %s for the network", (type) => ({ given: [type, { ingress: [{ ...entry, toPort: 65535 }] }] })),
    "an entry for the network": { given: [ENTRY, own] },
    "ports above those for managing, for everyone": {
      given: [LISTS[0] ?? "", { ingress: [{ ...entry, fromPort: 32768, toPort: 65535, cidrBlock: "0.0.0.0/0" }] }],
    },
    "an entry that shuts everyone out": { given: [ENTRY, { ...own, ruleAction: "deny", cidrBlock: "0.0.0.0/0" }] },
    "an entry for the outside": { given: [ENTRY, { ...own, egress: true, cidrBlock: "0.0.0.0/0" }] },
    "an empty list": { given: [LISTS[0] ?? "", {}] },
  },
  fails: {
    ...forEach(LISTS, "a %s for everyone", (type) => ({
      given: [type, { ingress: [{ ...entry, toPort: 65535, cidrBlock: "0.0.0.0/0" }] }],
      says,
    })),
    "an entry for every IPv6 address": {
      given: [ENTRY, { ruleNumber: 100, ruleAction: "allow", protocol: "-1", ipv6CidrBlock: "::/0" }],
      says: "::/0 may reach every port; nobody may reach: 22, 3389.",
    },
  },
  unknown: {
    "an entry of which one source is not known beside one that is wrong": {
      given: [
        LISTS[0] ?? "",
        {
          ingress: [
            { ...entry, cidrBlock: UNKNOWN },
            { ...entry, toPort: 65535, cidrBlock: "0.0.0.0/0" },
          ],
        },
      ],
      open: "ingress[0].cidrBlock",
      says,
    },
  },
  survives: {
    "*ingress: *": "fewer may come in",
    "*ingress[0]: *": "fewer may come in",
    "*ule*: *": "the number of an entry changes its order only; an entry that allows nothing is refused by AWS",
    "*action: *": "an action that allows nothing is refused by AWS",
    "*rotocol: *": "from the network any protocol may be used, and from the internet one is judged by its ports",
    "*Port: *": "from the network any port may be reached, and from the internet one that is not for managing",
    "*cidrBlock: *": "fewer may come in, or nobody",
  },
});

import rule from "../../../../policies/rules/network/only-web-ports-open-to-anyone.ts";
import { casesOf, UNKNOWN } from "../../support/cases.ts";
import { NOBODY_COMES_IN } from "../../support/openings.ts";

const GROUP = "aws:ec2/securityGroup:SecurityGroup";
const INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const OLD_RULE = "aws:ec2/securityGroupRule:SecurityGroupRule";
const DEFAULT = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup";

export default casesOf(rule, {
  passes: {
    "TLS for everyone": { given: [INGRESS, { cidrIpv4: "0.0.0.0/0", ipProtocol: "tcp", fromPort: 443, toPort: 443 }] },
    "a group with TLS for everyone": {
      given: [GROUP, { ingress: [{ protocol: "tcp", fromPort: 443, toPort: 443, cidrBlocks: ["0.0.0.0/0"] }] }],
    },
    "a database for the network": {
      given: [OLD_RULE, { type: "ingress", protocol: "tcp", fromPort: 5432, toPort: 5432, cidrBlocks: ["10.0.0.0/16"] }],
    },
    "a ping for everyone": {
      given: [INGRESS, { cidrIpv4: "0.0.0.0/0", ipProtocol: "icmp", fromPort: -1, toPort: -1 }],
      cannotBreak: "ICMP has no ports",
    },
    "everything for the outside": {
      given: [OLD_RULE, { type: "egress", protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ["0.0.0.0/0"] }],
      cannotBreak: "the rule is about the inside",
    },
    "a port that the project opens": {
      given: [INGRESS, { cidrIpv6: "::/0", ipProtocol: "tcp", fromPort: 8443, toPort: 8443 }],
      config: { ports: [8443] },
    },
    "a group without rules": { given: [DEFAULT, {}] },
  },
  fails: {
    "a database for everyone": {
      given: [INGRESS, { cidrIpv4: "0.0.0.0/0", ipProtocol: "tcp", fromPort: 5432, toPort: 5432 }],
      says: "0.0.0.0/0 may reach port 5432; everyone may reach only: 80, 443.",
    },
    "a range of ports that includes TLS": {
      given: [GROUP, { ingress: [{ protocol: "tcp", fromPort: 443, toPort: 8443, cidrBlocks: ["10.0.0.0/8", "0.0.0.0/0"] }] }],
      says: "0.0.0.0/0 may reach ports 443-8443; everyone may reach only: 80, 443.",
    },
    "every protocol for every IPv6 address": {
      given: [OLD_RULE, { type: "ingress", protocol: "-1", fromPort: 0, toPort: 0, ipv6CidrBlocks: ["::/0"] }],
      says: "::/0 may reach every port; everyone may reach only: 80, 443.",
    },
    "everyone, cut in two halves": {
      given: [DEFAULT, { ingress: [{ protocol: "tcp", fromPort: 22, toPort: 22, cidrBlocks: ["0.0.0.0/1", "128.0.0.0/1"] }] }],
      says: "0.0.0.0/1 may reach port 22; everyone may reach only: 80, 443.",
    },
    "no word on protocol and ports": {
      given: [INGRESS, { cidrIpv4: "0.0.0.0/0" }],
      says: "0.0.0.0/0 may reach every port; everyone may reach only: 80, 443.",
    },
  },
  unknown: {
    "a source that is not known": {
      given: [INGRESS, { cidrIpv4: UNKNOWN, ipProtocol: "tcp", fromPort: 5432, toPort: 5432 }],
      open: "cidrIpv4",
    },
    "one opening that is not known beside one that is wrong": {
      given: [
        GROUP,
        {
          ingress: [
            { protocol: "tcp", fromPort: 5432, toPort: 5432, cidrBlocks: UNKNOWN },
            { protocol: "tcp", fromPort: 22, toPort: 22, cidrBlocks: ["0.0.0.0/0"] },
          ],
        },
      ],
      open: "ingress[0].cidrBlocks",
      says: "0.0.0.0/0 may reach port 22; everyone may reach only: 80, 443.",
    },
  },
  survives: {
    ...NOBODY_COMES_IN,
    "*cidr*: another text": "the port may be open to anyone",
    "*toPort: left out": "one port is then all there is",
    "*rotocol: *": "an opening of another protocol is judged by its ports",
    "*Port: *": "the source may reach any port",
  },
});

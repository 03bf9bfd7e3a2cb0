import rule from "../../../../policies/rules/compute/server-without-public-address.ts";
import { casesOf, UNKNOWN } from "../../support/cases.ts";

const INSTANCE = "aws:ec2/instance:Instance";
const CONFIGURATION = "aws:ec2/launchConfiguration:LaunchConfiguration";
const TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate";
const DEFAULT = "a server has no address unless its subnet gives one, which another rule forbids";

export default casesOf(rule, {
  passes: {
    "an instance without an address": { given: [INSTANCE, { associatePublicIpAddress: false }] },
    "a launch configuration without an address": { given: [CONFIGURATION, { associatePublicIpAddress: false }] },
    "a launch template without an address": { given: [TEMPLATE, { networkInterfaces: [{ associatePublicIpAddress: "false" }] }] },
    "a launch template that says nothing of it": { given: [TEMPLATE, {}] },
  },
  fails: {
    "an instance with an address": {
      given: [INSTANCE, { associatePublicIpAddress: true }],
      says: "associatePublicIpAddress is true; it must be false.",
    },
    "a launch configuration with an address": {
      given: [CONFIGURATION, { associatePublicIpAddress: true }],
      says: "associatePublicIpAddress is true; it must be false.",
    },
    "a launch template with an address": {
      given: [TEMPLATE, { networkInterfaces: [{}, { associatePublicIpAddress: "true" }] }],
      says: 'networkInterfaces[1].associatePublicIpAddress is "true"; it must be false.',
    },
  },
  unknown: {
    "interfaces that are not known": { given: [TEMPLATE, { networkInterfaces: UNKNOWN }], open: "networkInterfaces" },
    "an address of which it is decided later": {
      given: [INSTANCE, { associatePublicIpAddress: UNKNOWN }],
      open: "associatePublicIpAddress",
    },
  },
  survives: {
    "*associatePublicIpAddress: left out": DEFAULT,
    "*associatePublicIpAddress: empty": DEFAULT,
    "networkInterfaces: left out": DEFAULT,
    "networkInterfaces: empty": DEFAULT,
    "networkInterfaces[0]: left out": DEFAULT,
    "networkInterfaces[0]: empty": DEFAULT,
  },
});

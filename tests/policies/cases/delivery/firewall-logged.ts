import rule from "../../../../policies/rules/delivery/firewall-logged.ts";
import { casesOf, type FixtureResource, ref, UNKNOWN } from "../../support/cases.ts";

const ACL = "aws:wafv2/webAcl:WebAcl";
const counted = (cloudwatchMetricsEnabled: unknown) => ({ visibilityConfig: { cloudwatchMetricsEnabled } });
const log: FixtureResource = [
  "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration",
  { resourceArn: ref("edge", "arn"), logDestinationConfigs: ["arn:aws:logs:us-east-1:1:log-group:aws-waf-logs-edge"] },
];

export default casesOf(rule, {
  passes: {
    "a firewall that logs and counts": { given: { edge: [ACL, { ...counted(true), rules: [counted(true)] }], log } },
  },
  fails: {
    "a firewall without a log": {
      given: { edge: [ACL, counted(true)] },
      says: "edge: the firewall has no WebAclLoggingConfiguration; it must have one.",
    },
    "a rule that nobody counts": {
      given: { edge: [ACL, { ...counted(true), rules: [counted(true), counted(false)] }], log },
      says: "edge: rules[1].visibilityConfig.cloudwatchMetricsEnabled is false; it must be true.",
    },
  },
  unknown: {
    "a log of which nobody knows whose it is": {
      given: { edge: [ACL, counted(true)], log: [log[0], { resourceArn: UNKNOWN }] },
      open: "edge: log.resourceArn",
    },
    "rules that are not known": { given: { edge: [ACL, { ...counted(true), rules: UNKNOWN }], log }, open: "edge: rules" },
  },
  survives: {
    "edge: rules: left out": "without rules there is none to count",
    "edge: rules: empty": "without rules there is none to count",
    "edge: rules[0]: left out": "without rules there is none to count",
    "log: logDestinationConfigs*: *": "where the log goes is the project's own to know",
  },
});

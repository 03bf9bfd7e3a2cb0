import rule from "../../../../policies/rules/delivery/firewall-has-rules.ts";
import { casesOf, ref, UNKNOWN } from "../../support/cases.ts";

const ACL = "aws:wafv2/webAcl:WebAcl";
const rules = [{ name: "common", priority: 1 }];
const says = "edge: the firewall has no rule; it must have one at least.";

export default casesOf(rule, {
  passes: {
    "a firewall with a rule": { given: { edge: [ACL, { rules }] } },
    "a firewall with rules as JSON": { given: { edge: [ACL, { ruleJson: JSON.stringify(rules) }] } },
    "a firewall whose rule is a resource of its own": {
      given: { edge: [ACL, {}], rate: ["aws:wafv2/webAclRule:WebAclRule", { webAclArn: ref("edge", "arn") }] },
    },
  },
  fails: {
    "a firewall without one": { given: { edge: [ACL, {}] }, says },
    "a firewall with an empty list": { given: { edge: [ACL, { rules: [] }] }, says },
  },
  unknown: { "rules that are not known": { given: { edge: [ACL, { rules: UNKNOWN }] }, open: "edge: rules" } },
  survives: {
    "edge: rules[0]*: *": "what a rule does is not the subject",
    "edge: ruleJson: another text": "AWS refuses what are no rules",
  },
});

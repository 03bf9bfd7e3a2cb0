import rule from "../../../../policies/rules/delivery/api-behind-firewall.ts";
import { casesOf, ref, UNKNOWN } from "../../support/cases.ts";

const STAGE = "aws:apigateway/stage:Stage";
const LINK = "aws:wafv2/webAclAssociation:WebAclAssociation";
const says = "live: the stage has no WebAclAssociation; it must have one.";

export default casesOf(rule, {
  passes: {
    "a stage with a firewall": {
      given: { live: [STAGE, {}], guard: [LINK, { resourceArn: ref("live", "arn"), webAclArn: "arn:aws:wafv2:1" }] },
    },
  },
  fails: {
    "a stage without one": { given: { live: [STAGE, {}] }, says },
    "a stage beside the firewall of another": {
      given: { live: [STAGE, {}], guard: [LINK, { resourceArn: "arn:aws:apigateway:1" }] },
      says,
    },
  },
  unknown: {
    "a firewall of which nobody knows whose it is": {
      given: { live: [STAGE, {}], guard: [LINK, { resourceArn: UNKNOWN }] },
      open: "live: guard.resourceArn",
    },
  },
  survives: { "guard: webAclArn: *": "another firewall is one as well" },
});

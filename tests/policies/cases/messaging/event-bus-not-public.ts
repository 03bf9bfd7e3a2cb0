import rule from "../../../../policies/rules/messaging/event-bus-not-public.ts";
import { casesOf, UNKNOWN } from "../../support/cases.ts";
import { closedPolicyCases } from "../../support/policies.ts";

const PERMISSION = "aws:cloudwatch/eventPermission:EventPermission";
const ofPolicies = closedPolicyCases(
  { "aws:cloudwatch/eventBusPolicy:EventBusPolicy": "the policy of a bus" },
  "use the bus",
  "events:PutEvents",
);
const ORGANISATION = { key: "aws:PrincipalOrgID", type: "StringEquals", value: "o-1" };
const BOUND = "EventBridge takes no condition but one on the organisation";

export default casesOf(rule, {
  passes: {
    ...ofPolicies.passes,
    "a permission for one account": { given: [PERMISSION, { principal: "123456789012" }] },
    "a permission for an organisation": { given: [PERMISSION, { principal: "*", condition: ORGANISATION }] },
  },
  fails: {
    ...ofPolicies.fails,
    "a permission for everyone": {
      given: [PERMISSION, { principal: "*" }],
      says: 'principal is "*"; it must name an account, or a condition must bind it.',
    },
  },
  unknown: {
    ...ofPolicies.unknown,
    "a permission for someone who is not known": { given: [PERMISSION, { principal: UNKNOWN }], open: "principal" },
    "a permission with a condition that may be none": {
      given: [PERMISSION, { principal: "*", condition: UNKNOWN }],
      open: "condition",
    },
  },
  survives: {
    ...ofPolicies.survives,
    "principal: left out": "EventBridge refuses a permission for nobody",
    "principal: empty": "EventBridge refuses a permission for nobody",
    "principal: another text": "someone else is not everyone",
    "condition.*: *": BOUND,
  },
});

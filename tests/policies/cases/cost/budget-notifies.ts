import rule from "../../../../policies/rules/cost/budget-notifies.ts";
import { casesOf, UNKNOWN } from "../../support/cases.ts";

const BUDGET = "aws:budgets/budget:Budget";
const says = "the budget tells nobody; a notification must name an address or a topic.";

export default casesOf(rule, {
  passes: {
    "a budget with an address": { given: [BUDGET, { notifications: [{ subscriberEmailAddresses: ["oncall@example.com"] }] }] },
    "a budget with a topic that is made later": { given: [BUDGET, { notifications: [{ subscriberSnsTopicArns: [UNKNOWN] }] }] },
  },
  fails: {
    "a budget without notifications": { given: [BUDGET, {}], says },
    "a notification that names nobody": { given: [BUDGET, { notifications: [{ threshold: 80 }] }], says },
  },
  unknown: { "notifications that are decided later": { given: [BUDGET, { notifications: UNKNOWN }], open: "notifications" } },
  survives: { "notifications[0].*[0]: *": "AWS refuses what is no address" },
});

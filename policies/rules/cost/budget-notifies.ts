import type { BudgetArgs } from "@pulumi/aws/budgets/budget.js";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

export default rule({
  id: "budget-notifies",
  title: "A budget tells somebody when it is nearly spent",
  severity: "medium",
  description: "A budget that tells nobody is read when the bill has come.",
  remediation: "Add notifications with a threshold, and an address or a topic.",
  controls: { wellArchitected: ["COST02", "COST03"] },
  resources: {
    "aws:budgets/budget:Budget": (budget: Resource<BudgetArgs>, { fail }) => {
      const notifications = budget.at("notifications");
      const told = notifications.items.some(
        (each) => each.at("subscriberEmailAddresses").isSet || each.at("subscriberSnsTopicArns").isSet,
      );
      if (!told) fail(notifications, "the budget tells nobody", "a notification must name an address or a topic");
    },
  },
});

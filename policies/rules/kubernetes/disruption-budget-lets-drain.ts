import type { PodDisruptionBudgetArgs } from "@pulumi/kubernetes/policy/v1/podDisruptionBudget.js";
import { beNoneOf } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

export default rule({
  id: "disruption-budget-lets-drain",
  title: "A budget lets at least one pod go",
  severity: "medium",
  description: "With a budget of nothing no node can be emptied: upgrades of the cluster hang until somebody forces them.",
  remediation: "Set maxUnavailable to 1 or more, or minAvailable below 100 %.",
  controls: { wellArchitected: ["REL08", "OPS05"] },
  resources: {
    "kubernetes:policy/v1:PodDisruptionBudget": (budget: Resource<PodDisruptionBudgetArgs>, { must }) => {
      must(budget.at("spec", "maxUnavailable"), beNoneOf(0, "0", "0%"));
      must(budget.at("spec", "minAvailable"), beNoneOf("100%"));
    },
  },
});

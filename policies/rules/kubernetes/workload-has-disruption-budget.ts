import type { DeploymentArgs } from "@pulumi/kubernetes/apps/v1/deployment.js";
import type { StatefulSetArgs } from "@pulumi/kubernetes/apps/v1/statefulSet.js";
import type { PodDisruptionBudgetArgs } from "@pulumi/kubernetes/policy/v1/podDisruptionBudget.js";
import type { Check } from "../../framework/check.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";
import type { Stack } from "../../framework/stack.ts";
import { selects } from "../../shared/cluster.ts";

export default rule({
  id: "workload-has-disruption-budget",
  title: "A workload says how many of its pods may be taken away at once",
  severity: "medium",
  description: "When nodes are replaced, all pods of a workload may be asked to go in the same minute.",
  remediation: "Add a PodDisruptionBudget whose selector matches the labels of the pods.",
  controls: { wellArchitected: ["REL08", "REL11"] },
  since: "distributed",
  inStack: { "kubernetes:apps/v1:Deployment": budgeted, "kubernetes:apps/v1:StatefulSet": budgeted },
});

function budgeted(workload: Resource<DeploymentArgs | StatefulSetArgs>, { fail }: Check<unknown>, stack: Stack): void {
  const labels = workload.at("spec", "template", "metadata").at("labels").value ?? {};
  const budgets = stack.ofType<PodDisruptionBudgetArgs>("kubernetes:policy/v1:PodDisruptionBudget");
  if (!budgets.some((budget) => selects(budget.named.at("spec", "selector"), labels)))
    fail(workload, "no PodDisruptionBudget selects its pods", "one must");
}

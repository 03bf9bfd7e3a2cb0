import type { HorizontalPodAutoscalerArgs } from "@pulumi/kubernetes/autoscaling/v2/horizontalPodAutoscaler.js";
import { beAtLeast, fit } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

export default rule({
  id: "autoscaler-bounds",
  title: "An autoscaler keeps two pods, and has room to grow",
  severity: "medium",
  description: "An autoscaler that may go down to one pod makes every move of it an outage, and at night it will.",
  remediation: "Set minReplicas to 2 or more, and maxReplicas above it.",
  controls: { wellArchitected: ["REL07"] },
  resources: {
    "kubernetes:autoscaling/v2:HorizontalPodAutoscaler": (scaler: Resource<HorizontalPodAutoscalerArgs>, { apart, must }) => {
      const least = scaler.at("spec", "minReplicas").or(1);
      must(least, beAtLeast(2, "pods"));
      apart(() => {
        const bound = least.value ?? 1;
        must(
          scaler.at("spec", "maxReplicas"),
          fit(`be more than minReplicas, which is ${String(bound)}`, (most = 0) => most > bound),
        );
      });
    },
  },
});

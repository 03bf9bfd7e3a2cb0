import type { HorizontalPodAutoscalerArgs } from "@pulumi/kubernetes/autoscaling/v2/horizontalPodAutoscaler.js";
import type { DeploymentArgs } from "@pulumi/kubernetes/apps/v1/deployment.js";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";
import { autoscalersOf } from "../../shared/cluster.ts";

export default rule({
  id: "workload-has-replicas",
  title: "A deployment has two replicas or more, or an autoscaler that decides",
  severity: "high",
  description:
    "With one replica every move of its pod is an outage. A number beside an autoscaler throws its work away at each update.",
  remediation: "Set spec.replicas to 2 or more; beside a HorizontalPodAutoscaler leave it out.",
  controls: { wellArchitected: ["REL07", "REL11"] },
  inStack: {
    "kubernetes:apps/v1:Deployment": (deployment: Resource<DeploymentArgs>, { fail }, stack) => {
      const replicas = deployment.at("spec", "replicas");
      const scalers: readonly Resource<HorizontalPodAutoscalerArgs>[] = autoscalersOf(deployment, stack);
      if (scalers.length > 0) {
        if (replicas.value !== undefined)
          fail(replicas, `spec.replicas is ${replicas.shown} beside an autoscaler`, "it must be left out");
        return;
      }
      // One is what Kubernetes makes without a word.
      if ((replicas.value ?? 1) < 2) fail(replicas, `spec.replicas is ${replicas.or(1).shown}`, "it must be at least 2");
    },
  },
});

import { rule } from "../../framework/rule.ts";
import { ofPods } from "../../shared/pods.ts";

export default rule({
  id: "workload-spread",
  title: "The pods of a workload are spread over nodes and zones",
  severity: "medium",
  description: "Without a word the scheduler may put all replicas onto one node, and they fail together.",
  remediation: "Set topologySpreadConstraints with the topologyKey topology.kubernetes.io/zone, or a podAntiAffinity.",
  controls: { wellArchitected: ["REL10"] },
  since: "distributed",
  resources: ofPods(
    (pod, { fail }) => {
      const spread = pod.at("topologySpreadConstraints");
      if (!spread.isSet && !pod.at("affinity", "podAntiAffinity").isSet)
        fail(spread, "nothing keeps the pods apart", "topologySpreadConstraints or a podAntiAffinity must");
    },
    ["kubernetes:apps/v1:Deployment", "kubernetes:apps/v1:StatefulSet"],
  ),
});

import { fit } from "../../framework/matchers.ts";
import { rule } from "../../framework/rule.ts";
import { ofPods } from "../../shared/pods.ts";

export default rule({
  id: "pod-without-api-token",
  title: "A pod gets no login to the Kubernetes API unless it needs one",
  severity: "medium",
  description: "Whoever reads one file of a container then speaks to the API of the cluster in its name.",
  remediation: "Set automountServiceAccountToken to false. For a pod that does speak to the API, exempt it with that reason.",
  controls: { cisKubernetes: ["5.1.6"], wellArchitected: ["SEC03"] },
  resources: ofPods((pod, { must }) => {
    must(
      pod.at("automountServiceAccountToken"),
      fit("be false", (value) => value === false),
    );
  }),
});

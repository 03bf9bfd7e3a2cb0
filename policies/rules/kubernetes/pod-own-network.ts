import { beFalse } from "../../framework/matchers.ts";
import { rule } from "../../framework/rule.ts";
import { ofPods } from "../../shared/pods.ts";

export default rule({
  id: "pod-own-network",
  title: "A pod has a network of its own",
  severity: "high",
  description: "In the network of its node a container reaches the metadata of the server, and no network policy holds for it.",
  remediation: "Leave hostNetwork out, or set it to false.",
  controls: { cisKubernetes: ["5.2.5"], wellArchitected: ["SEC06"] },

  resources: ofPods((pod, { must }) => must(pod.at("hostNetwork"), beFalse)),
});

import { beFalse } from "../../framework/matchers.ts";
import { rule } from "../../framework/rule.ts";
import { ofPods } from "../../shared/pods.ts";

export default rule({
  id: "pod-own-processes",
  title: "A pod sees no processes but its own",
  severity: "high",
  description:
    "In the process namespace of its node a container sees the secrets in every environment there, and can end what it likes.",
  remediation: "Leave hostPID out, or set it to false.",
  controls: { cisKubernetes: ["5.2.3"], wellArchitected: ["SEC06"] },

  resources: ofPods((pod, { must }) => must(pod.at("hostPID"), beFalse)),
});

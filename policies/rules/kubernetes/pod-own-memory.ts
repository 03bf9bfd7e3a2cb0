import { beFalse } from "../../framework/matchers.ts";
import { rule } from "../../framework/rule.ts";
import { ofPods } from "../../shared/pods.ts";

export default rule({
  id: "pod-own-memory",
  title: "A pod shares no memory with its node",
  severity: "high",
  description: "In the IPC namespace of its node a container reads the shared memory of all others.",
  remediation: "Leave hostIPC out, or set it to false.",
  controls: { cisKubernetes: ["5.2.4"], wellArchitected: ["SEC06"] },

  resources: ofPods((pod, { must }) => must(pod.at("hostIPC"), beFalse)),
});

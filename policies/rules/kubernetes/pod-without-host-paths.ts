import { rule } from "../../framework/rule.ts";
import { ofPods } from "../../shared/pods.ts";

export default rule({
  id: "pod-without-host-paths",
  title: "A pod mounts nothing of its node",
  severity: "high",
  description: "With a folder of the node a container reads the logins of other pods, or writes what the node runs next.",
  remediation: "Use an emptyDir, a claim, or a volume of a CSI driver.",
  controls: { cisKubernetes: ["5.2.12"], wellArchitected: ["SEC06"] },
  resources: ofPods((pod, { each, fail }) => {
    each(pod.at("volumes"), (volume) => {
      const path = volume.at("hostPath");
      if (path.isSet) fail(path, `${path.path} is ${path.shown}`, "a pod must mount nothing of its node");
    });
  }),
});

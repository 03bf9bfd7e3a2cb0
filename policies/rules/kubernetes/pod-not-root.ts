import { rule } from "../../framework/rule.ts";
import { ofContainers } from "../../shared/pods.ts";

export default rule({
  id: "pod-not-root",
  title: "No container runs as root",
  severity: "high",
  description: "Root in a container is root on its node as soon as one fault of the kernel or of a mount lets it out.",
  remediation: "Set runAsNonRoot to true in the securityContext of the pod, and a user in the image or in runAsUser.",
  controls: { cisKubernetes: ["5.2.7", "5.7.3"], wellArchitected: ["SEC06"] },
  resources: ofContainers((container, { fail }, pod) => {
    // What a container says counts more than what its pod says.
    const own = container.at("securityContext", "runAsNonRoot");
    const given = own.value === undefined ? pod.at("securityContext", "runAsNonRoot") : own;
    if (given.value !== true) fail(given, `runAsNonRoot of ${container.path} is ${given.shown}`, "it must be true");
    const user = container.at("securityContext", "runAsUser");
    if (user.value === 0) fail(user, `${user.path} is 0`, "it must be another user than root");
  }),
});

import { rule } from "../../framework/rule.ts";
import { ofContainers } from "../../shared/pods.ts";

const PROFILES = ["RuntimeDefault", "Localhost"];

export default rule({
  id: "pod-seccomp",
  title: "A container may make only the system calls that it needs",
  severity: "medium",
  description: "Faults of the kernel are reached through system calls that no ordinary program makes; a profile shuts them off.",
  remediation: 'Set seccompProfile.type to "RuntimeDefault" in the securityContext of the pod.',
  controls: { cisKubernetes: ["5.7.2", "5.7.3"], wellArchitected: ["SEC06"] },
  resources: ofContainers((container, { fail }, pod) => {
    const own = container.at("securityContext", "seccompProfile", "type");
    const given = own.value === undefined ? pod.at("securityContext", "seccompProfile", "type") : own;
    if (!PROFILES.includes(given.value ?? ""))
      fail(
        given,
        `the seccomp profile of ${container.path} is ${given.shown}`,
        'it must be one of "RuntimeDefault", "Localhost"',
      );
  }),
});

import { beFalse } from "../../framework/matchers.ts";
import { rule } from "../../framework/rule.ts";
import { ofContainers } from "../../shared/pods.ts";

export default rule({
  id: "pod-not-privileged",
  title: "A container has no power over its node",
  severity: "critical",
  description: "Whoever breaks into a privileged container is root on the node, and in every other container there.",
  remediation: "Leave securityContext.privileged out, or set it to false.",
  controls: { cisKubernetes: ["5.2.2"], wellArchitected: ["SEC06"] },

  resources: ofContainers((container, { must }) => must(container.at("securityContext", "privileged"), beFalse)),
});

import { fit } from "../../framework/matchers.ts";
import { rule } from "../../framework/rule.ts";
import { ofContainers } from "../../shared/pods.ts";

export default rule({
  id: "pod-without-escalation",
  title: "A container cannot gain more rights than it began with",
  severity: "high",
  description: "A program with the setuid bit, or one fault in such a program, makes a user of the container its root.",
  remediation: "Set securityContext.allowPrivilegeEscalation to false.",
  controls: { cisKubernetes: ["5.2.6"], wellArchitected: ["SEC06"] },

  resources: ofContainers((container, { must }) =>
    must(
      container.at("securityContext", "allowPrivilegeEscalation"),
      fit("be false", (value) => value === false),
    ),
  ),
});

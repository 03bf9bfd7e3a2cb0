import { rule } from "../../framework/rule.ts";
import { ofContainers } from "../../shared/pods.ts";
import { secretIn } from "../../shared/secrets.ts";

export default rule({
  id: "pod-environment-without-secrets",
  title: "The environment of a container holds no secret that is written out",
  severity: "critical",
  description:
    "Whoever may look at the workload reads it, and it stands in the state of the stack and in the history of the repository.",
  remediation: "Put the value into a Secret, best one that an operator fills from Secrets Manager, and mount that.",
  controls: { cisKubernetes: ["5.4.1"], wellArchitected: ["SEC02"] },
  resources: ofContainers((container, { each, fail }) => {
    each(container.at("env"), (variable) => {
      const name = variable.at("name").value ?? "";
      const value = variable.at("value");
      const found = secretIn(`${name}=${value.value ?? ""}`);
      if (found !== undefined) fail(value, `${name} holds what looks like ${found}`, "it must hold no secret");
    });
  }),
});

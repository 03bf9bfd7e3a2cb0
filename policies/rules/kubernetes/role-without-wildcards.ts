import { rule } from "../../framework/rule.ts";
import { ofRoles } from "../../shared/roles.ts";

export default rule({
  id: "role-without-wildcards",
  title: "A role names what it may do",
  severity: "high",
  description: "A star also covers what is added to the cluster later, and nobody then asks whether it should.",
  remediation: "Name the verbs, the resources and the API groups.",
  controls: { cisKubernetes: ["5.1.3"], wellArchitected: ["SEC03"] },
  resources: ofRoles((grant, at, { fail }) => {
    for (const part of ["verbs", "resources", "apiGroups"] as const)
      if (grant[part].includes("*")) fail(at, `${at.path}.${part} holds *`, "it must name each");
  }),
});

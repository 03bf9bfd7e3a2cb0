import { rule } from "../../framework/rule.ts";
import { ofRoles } from "../../shared/roles.ts";

const VERBS = ["bind", "escalate", "impersonate"];

export default rule({
  id: "role-without-escalation",
  title: "A role cannot give itself, or take on, the rights of others",
  severity: "critical",
  description: "With one of the verbs bind, escalate and impersonate, a role is in the end as good as that of an administrator.",
  remediation: "Take these verbs out of the role.",
  controls: { cisKubernetes: ["5.1.8"], wellArchitected: ["SEC03"] },
  resources: ofRoles(({ verbs }, at, { fail }) => {
    const found = VERBS.filter((verb) => verbs.includes(verb) || verbs.includes("*"));
    if (found.length > 0) fail(at, `${at.path} allows ${found.join(", ")}`, "no role must");
  }),
});

import { rule } from "../../framework/rule.ts";
import { withoutGrant } from "../../shared/roles.ts";

export default rule({
  id: "role-reads-no-secrets",
  title: "A role reads no secrets",
  severity: "high",
  description: "Secrets of a namespace are the logins of everything in it; listing them is reading them all.",
  remediation: "Take the rule out of the role. For a controller that needs it, exempt it with that reason.",
  controls: { cisKubernetes: ["5.1.2"], wellArchitected: ["SEC03"] },
  resources: withoutGrant("read secrets", { verbs: ["get", "list", "watch"], resources: ["secrets"] }),
});

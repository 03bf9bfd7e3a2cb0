import { rule } from "../../framework/rule.ts";
import { withoutGrant } from "../../shared/roles.ts";

export default rule({
  id: "role-changes-no-webhooks",
  title: "A role changes no admission webhooks",
  severity: "high",
  description: "A webhook sees, and may change, every object that is made: also every secret.",
  remediation: "Take the rule out of the role. For a controller that needs it, exempt it with that reason.",
  controls: { cisKubernetes: ["5.1.12"], wellArchitected: ["SEC03"] },
  resources: withoutGrant("change admission webhooks", {
    verbs: ["create", "update", "patch", "delete"],
    resources: ["validatingwebhookconfigurations", "mutatingwebhookconfigurations"],
  }),
});

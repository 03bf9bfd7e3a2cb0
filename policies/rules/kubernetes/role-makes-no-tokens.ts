import { rule } from "../../framework/rule.ts";
import { withoutGrant } from "../../shared/roles.ts";

export default rule({
  id: "role-makes-no-tokens",
  title: "A role makes no tokens of service accounts",
  severity: "high",
  description: "Who makes a token of an account may do whatever that account may.",
  remediation: "Take the rule out of the role. For a controller that needs it, exempt it with that reason.",
  controls: { cisKubernetes: ["5.1.13"], wellArchitected: ["SEC03"] },
  resources: withoutGrant("make tokens of service accounts", { verbs: ["create"], resources: ["serviceaccounts/token"] }),
});

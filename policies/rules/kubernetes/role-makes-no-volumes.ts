import { rule } from "../../framework/rule.ts";
import { withoutGrant } from "../../shared/roles.ts";

export default rule({
  id: "role-makes-no-volumes",
  title: "A role makes no persistent volumes",
  severity: "high",
  description: "Who may make a volume may make one of a folder of the node, past all that is said of pods.",
  remediation: "Take the rule out of the role. For a controller that needs it, exempt it with that reason.",
  controls: { cisKubernetes: ["5.1.9"], wellArchitected: ["SEC03"] },
  resources: withoutGrant("make persistent volumes", { verbs: ["create"], resources: ["persistentvolumes"] }),
});

import { rule } from "../../framework/rule.ts";
import { withoutGrant } from "../../shared/roles.ts";

export default rule({
  id: "role-passes-no-nodes",
  title: "A role does not speak to nodes past the API",
  severity: "high",
  description: "The kubelet behind this way runs commands in every container of its node, and no audit log has them.",
  remediation: "Take the rule out of the role. For a controller that needs it, exempt it with that reason.",
  controls: { cisKubernetes: ["5.1.10"], wellArchitected: ["SEC03"] },
  resources: withoutGrant("speak to nodes directly", { verbs: ["get", "create", "update", "patch"], resources: ["nodes/proxy"] }),
});

import { rule } from "../../framework/rule.ts";
import { withoutGrant } from "../../shared/roles.ts";

export default rule({
  id: "role-approves-no-certificates",
  title: "A role approves no certificates",
  severity: "high",
  description: "Who approves a certificate can make one for any user of the cluster, also for its administrators.",
  remediation: "Take the rule out of the role. For a controller that needs it, exempt it with that reason.",
  controls: { cisKubernetes: ["5.1.11"], wellArchitected: ["SEC03"] },
  resources: withoutGrant("approve certificates", {
    verbs: ["update", "patch"],
    resources: ["certificatesigningrequests/approval"],
  }),
});

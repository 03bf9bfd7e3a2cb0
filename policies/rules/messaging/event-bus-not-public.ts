import type { EventPermissionArgs } from "@pulumi/aws/cloudwatch/eventPermission.js";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";
import { closedToEveryone } from "../../shared/iam.ts";

export default rule({
  id: "event-bus-not-public",
  title: "No policy opens an event bus to everyone",
  severity: "high",
  description: "Whoever may put events sets off whatever listens to the bus, and you pay for each.",
  remediation: "Name the accounts that may put events, or bind the statement to your organisation by aws:PrincipalOrgID.",
  controls: { wellArchitected: ["SEC03"] },
  resources: {
    "aws:cloudwatch/eventBusPolicy:EventBusPolicy": closedToEveryone("use the bus"),
    "aws:cloudwatch/eventPermission:EventPermission": (permission: Resource<EventPermissionArgs>, { fail }) => {
      const principal = permission.at("principal");
      if (principal.value === "*" && !permission.at("condition").isSet)
        fail(principal, 'principal is "*"', "it must name an account, or a condition must bind it");
    },
  },
});

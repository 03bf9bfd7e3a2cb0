import rule from "../../../../policies/rules/kubernetes/role-changes-no-webhooks.ts";
import { withoutGrantCases } from "../../support/roles.ts";

export default withoutGrantCases(rule, "change admission webhooks", "patch", "mutatingwebhookconfigurations");

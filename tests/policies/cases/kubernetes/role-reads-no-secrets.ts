import rule from "../../../../policies/rules/kubernetes/role-reads-no-secrets.ts";
import { withoutGrantCases } from "../../support/roles.ts";

export default withoutGrantCases(rule, "read secrets", "list", "secrets");

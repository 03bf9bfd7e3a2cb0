import rule from "../../../../policies/rules/kubernetes/role-makes-no-tokens.ts";
import { withoutGrantCases } from "../../support/roles.ts";

export default withoutGrantCases(rule, "make tokens of service accounts", "create", "serviceaccounts/token");

import rule from "../../../../policies/rules/kubernetes/role-approves-no-certificates.ts";
import { withoutGrantCases } from "../../support/roles.ts";

export default withoutGrantCases(rule, "approve certificates", "update", "certificatesigningrequests/approval");

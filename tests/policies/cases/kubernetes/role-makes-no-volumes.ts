import rule from "../../../../policies/rules/kubernetes/role-makes-no-volumes.ts";
import { withoutGrantCases } from "../../support/roles.ts";

export default withoutGrantCases(rule, "make persistent volumes", "create", "persistentvolumes");

import rule from "../../../../policies/rules/kubernetes/role-passes-no-nodes.ts";
import { withoutGrantCases } from "../../support/roles.ts";

export default withoutGrantCases(rule, "speak to nodes directly", "get", "nodes/proxy");

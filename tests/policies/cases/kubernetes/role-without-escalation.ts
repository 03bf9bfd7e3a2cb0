import rule from "../../../../policies/rules/kubernetes/role-without-escalation.ts";
import { casesOf, forEach, UNKNOWN } from "../../support/cases.ts";
import { role, ROLES } from "../../support/roles.ts";

const [first = ""] = ROLES;

export default casesOf(rule, {
  passes: forEach(ROLES, "a %s with harmless verbs", (type) => ({ given: role(type, ["get"], ["pods"]) })),
  fails: {
    ...forEach(ROLES, "a %s that may bind roles", (type) => ({
      given: role(type, ["get", "bind"], ["roles"]),
      says: "rules[0] allows bind; no role must.",
    })),
    "a role of every verb": {
      given: role(first, ["*"], ["pods"]),
      says: "rules[0] allows bind, escalate, impersonate; no role must.",
    },
  },
  unknown: { "verbs that are decided later": { given: role(first, UNKNOWN, ["pods"]), open: "rules[0].verbs" } },
  survives: { "rules*": "less, or something else, is allowed" },
});

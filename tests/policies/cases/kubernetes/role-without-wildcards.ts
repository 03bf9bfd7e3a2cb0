import rule from "../../../../policies/rules/kubernetes/role-without-wildcards.ts";
import { casesOf, forEach, UNKNOWN } from "../../support/cases.ts";
import { role, ROLES } from "../../support/roles.ts";

const [first = ""] = ROLES;

export default casesOf(rule, {
  passes: forEach(ROLES, "a %s that names what it may", (type) => ({ given: role(type, ["get"], ["pods"]) })),
  fails: {
    ...forEach(ROLES, "a %s for every verb", (type) => ({
      given: role(type, ["*"], ["pods"]),
      says: "rules[0].verbs holds *; it must name each.",
    })),
    "a role for everything": {
      given: [first, { rules: [{ apiGroups: ["*"], resources: ["*"], verbs: ["*"] }] }],
      says: ["verbs", "resources", "apiGroups"].map((part) => `rules[0].${part} holds *; it must name each.`),
    },
  },
  unknown: { "verbs that are decided later": { given: role(first, UNKNOWN, ["pods"]), open: "rules[0].verbs" } },
  survives: { "rules*": "less, or something else by its name, is allowed" },
});

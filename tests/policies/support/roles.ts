import type { Rule } from "../../../policies/framework/rule.ts";
import { casesOf, type FixtureResource, forEach, type RuleCases, UNKNOWN } from "./cases.ts";

export const ROLES = ["kubernetes:rbac.authorization.k8s.io/v1:ClusterRole", "kubernetes:rbac.authorization.k8s.io/v1:Role"];

/** A role with one rule. */
export function role(type: string, verbs: unknown, resources: unknown): FixtureResource {
  return [type, { rules: [{ apiGroups: [""], verbs, resources }] }];
}

/** The cases of a rule by which no role may do one thing. @param what as in the rule */
export function withoutGrantCases(rule: Rule, what: string, verb: string, resource: string): RuleCases {
  const says = `rules[0] lets its holders ${what}; no role must.`;
  const [first = ""] = ROLES;
  return casesOf(rule, {
    passes: {
      ...forEach(ROLES, "a %s that may do other things", (type) => ({ given: role(type, ["watch"], ["leases"]) })),
      "a role that may look at it": { given: role(first, ["look"], [resource]) },
    },
    fails: {
      ...forEach(ROLES, "a %s that may", (type) => ({ given: role(type, ["watch", verb], [resource]), says })),
      "a role that may do everything with it": { given: role(first, ["*"], [resource]), says },
      "a role that may do it to everything": { given: role(first, [verb], ["*"]), says },
    },
    unknown: { "verbs that are decided later": { given: role(first, UNKNOWN, [resource]), open: "rules[0].verbs" } },
    survives: { "rules*": "less, or something else, is allowed" },
  });
}

import rule from "../../../../policies/rules/kubernetes/binding-narrow.ts";
import { casesOf, forEach, UNKNOWN } from "../../support/cases.ts";

const TYPES = [
  "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding",
  "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding",
];
const [first = ""] = TYPES;
const binding = (role: unknown, ...subjects: readonly unknown[]) => ({
  roleRef: { name: role },
  subjects: subjects.map((name) => ({ name })),
});

export default casesOf(rule, {
  passes: forEach(TYPES, "a %s for one account", (type) => ({ given: [type, binding("shop-reader", "shop")] })),
  fails: {
    ...forEach(TYPES, "a %s that makes an administrator", (type) => ({
      given: [type, binding("cluster-admin", "deployer")],
      says: 'roleRef.name is "cluster-admin"; it must not be "cluster-admin".',
    })),
    "a binding for everyone": {
      given: [first, binding("view", "shop", "system:authenticated")],
      says: 'subjects[1].name is "system:authenticated"; it must be none of "system:anonymous", "system:unauthenticated", "system:authenticated", "system:masters".',
    },
  },
  unknown: { "a subject that is not known": { given: [first, binding("view", UNKNOWN)], open: "subjects[0].name" } },
  survives: { "roleRef*": "another role is not that of the administrator", "subjects*": "someone else is not everyone" },
});

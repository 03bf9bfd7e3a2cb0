import type { ClusterRoleArgs } from "@pulumi/kubernetes/rbac/v1/clusterRole.js";
import type { RoleArgs } from "@pulumi/kubernetes/rbac/v1/role.js";
import type { Check } from "../framework/check.ts";
import type { Property } from "../framework/property.ts";
import type { Resource } from "../framework/resource.ts";

/** What a role may do: verbs on resources (Kubernetes, "Using RBAC Authorization"). */
export interface Grant {
  readonly verbs: readonly string[];
  readonly resources: readonly string[];
  readonly apiGroups: readonly string[];
}

/** The `resources` of a rule about roles, of a namespace and of the cluster. The judge gets each of their rules. */
export function ofRoles<Config>(judge: (grant: Grant, at: Property<unknown>, check: Check<Config>) => void) {
  const ofRole = (role: Resource<ClusterRoleArgs | RoleArgs>, check: Check<Config>): void => {
    check.each(role.at("rules"), (rule) => {
      judge(
        {
          verbs: rule.at("verbs").value ?? [],
          resources: rule.at("resources").value ?? [],
          apiGroups: rule.at("apiGroups").value ?? [],
        },
        rule,
        check,
      );
    });
  };
  return {
    "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole": ofRole,
    "kubernetes:rbac.authorization.k8s.io/v1:Role": ofRole,
  };
}

/** {@link ofRoles} for a rule by which no role may do one thing. @param what ends the sentence "RULE lets ..." */
export function withoutGrant(
  what: string,
  { resources, verbs }: { readonly verbs: readonly string[]; readonly resources: readonly string[] },
) {
  return ofRoles((grant, at, { fail }) => {
    const may = grant.verbs.some((verb) => verb === "*" || verbs.includes(verb));
    const on = grant.resources.some((resource) => resource === "*" || resources.includes(resource));
    if (may && on) fail(at, `${at.path} lets its holders ${what}`, "no role must");
  });
}

import type { ClusterRoleBindingArgs } from "@pulumi/kubernetes/rbac/v1/clusterRoleBinding.js";
import type { RoleBindingArgs } from "@pulumi/kubernetes/rbac/v1/roleBinding.js";
import type { Check } from "../../framework/check.ts";
import { beNoneOf } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

/** Groups of which everyone, or whoever holds one certificate, is a member. */
const EVERYONE = ["system:anonymous", "system:unauthenticated", "system:authenticated", "system:masters"];

export default rule({
  id: "binding-narrow",
  title: "No binding makes an administrator of the cluster, and none is for everyone",
  severity: "critical",
  description:
    "An account bound to cluster-admin owns the cluster with the first fault of its program. What is bound to everyone is bound to the internet.",
  remediation: "Bind a role that names what is needed to the one account that needs it.",
  controls: { cisKubernetes: ["5.1.1", "5.1.7"], wellArchitected: ["SEC03"] },
  resources: {
    "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding": narrow,
    "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding": narrow,
  },
});

function narrow(binding: Resource<ClusterRoleBindingArgs | RoleBindingArgs>, { each, must }: Check<unknown>): void {
  must(binding.at("roleRef", "name"), beNoneOf("cluster-admin"));
  each(binding.at("subjects"), (subject) => must(subject.at("name"), beNoneOf(...EVERYONE)));
}

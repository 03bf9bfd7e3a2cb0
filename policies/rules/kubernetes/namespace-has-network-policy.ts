import type { NamespaceArgs } from "@pulumi/kubernetes/core/v1/namespace.js";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";
import { policiesIn } from "../../shared/cluster.ts";

export default rule({
  id: "namespace-has-network-policy",
  title: "A namespace says who may speak to its pods",
  severity: "medium",
  description: "Without a policy every pod of the cluster reaches every other: one that is broken into is in all of them.",
  remediation: "Add a NetworkPolicy to the namespace that denies by default, and others that allow what is needed.",
  controls: { cisKubernetes: ["5.3.2"], wellArchitected: ["SEC05"] },
  since: "distributed",
  inStack: {
    "kubernetes:core/v1:Namespace": (namespace: Resource<NamespaceArgs>, { fail }, stack) => {
      if (policiesIn(namespace, stack).length === 0) fail(namespace, "the namespace has no NetworkPolicy", "it must have one");
    },
  },
});

import type { NamespaceArgs } from "@pulumi/kubernetes/core/v1/namespace.js";
import { beOneOf } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

export default rule({
  id: "namespace-restricted",
  title: "A namespace refuses pods that ask for power over their node",
  severity: "high",
  description: "Without the label the cluster itself lets every pod in, also those that no policy pack has seen.",
  remediation: 'Set the label pod-security.kubernetes.io/enforce to "restricted", or "baseline".',
  controls: { cisKubernetes: ["5.2.1"], wellArchitected: ["SEC06"] },
  resources: {
    "kubernetes:core/v1:Namespace": (namespace: Resource<NamespaceArgs>, { must }) =>
      must(namespace.at("metadata", "labels").at("pod-security.kubernetes.io/enforce"), beOneOf("restricted", "baseline")),
  },
});

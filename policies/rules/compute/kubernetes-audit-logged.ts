import type { ClusterArgs } from "@pulumi/aws/eks/cluster.js";
import { include } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

export default rule({
  id: "kubernetes-audit-logged",
  title: "A Kubernetes cluster logs who asks its API for what",
  severity: "medium",
  description: "The audit log is the only place that says who read a secret or changed a workload.",
  remediation: 'Add "audit" and "authenticator" to enabledClusterLogTypes.',
  controls: { fsbp: ["EKS.8"], pci4: ["10.2.1"], wellArchitected: ["SEC04"] },
  resources: {
    "aws:eks/cluster:Cluster": (cluster: Resource<ClusterArgs>, { must }) => {
      must(cluster.at("enabledClusterLogTypes"), include("audit", "authenticator"));
    },
  },
});

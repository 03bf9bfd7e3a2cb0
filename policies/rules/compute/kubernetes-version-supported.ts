import type { ClusterArgs } from "@pulumi/aws/eks/cluster.js";
import { fit } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";
import { isAtLeast } from "../../shared/versions.ts";

export default rule({
  id: "kubernetes-version-supported",
  title: "A Kubernetes cluster runs a version in standard support",
  severity: "high",
  description:
    "Past standard support a cluster costs six times as much an hour, and past extended support AWS upgrades it on a day of its own choice.",
  remediation: "Raise version one minor version at a time, the nodes after the cluster.",
  controls: { fsbp: ["EKS.2"], pci4: ["6.3.3"], wellArchitected: ["OPS05", "SEC06"] },
  config: {
    leastVersion: {
      type: "string",
      // 1.33 left standard support on 29 July 2026 (Amazon EKS User Guide, "Kubernetes version lifecycle").
      default: "1.34",
      description: "The oldest version in standard support.",
    },
  },
  resources: {
    "aws:eks/cluster:Cluster": (cluster: Resource<ClusterArgs>, { config, must }) => {
      // Left out, it is the newest at the time when the cluster is made.
      must(
        cluster.at("version"),
        fit(`be at least ${config.leastVersion}`, (version) => version === undefined || isAtLeast(version, config.leastVersion)),
      );
    },
  },
});

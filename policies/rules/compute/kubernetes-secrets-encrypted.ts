import type { ClusterArgs } from "@pulumi/aws/eks/cluster.js";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

export default rule({
  id: "kubernetes-secrets-encrypted",
  title: "The secrets of a Kubernetes cluster are encrypted with a key of ours",
  severity: "medium",
  description: "With a key of our own it is us who say who may read the secrets, and each use of the key is in the audit log.",
  remediation: 'Set encryptionConfig with resources ["secrets"] and the ARN of a key.',
  controls: { fsbp: ["EKS.3"], wellArchitected: ["SEC08"] },
  resources: {
    "aws:eks/cluster:Cluster": (cluster: Resource<ClusterArgs>, { fail }) => {
      const encryption = cluster.at("encryptionConfig");
      // Where the key comes from does not matter, so it may be unknown.
      const covered = encryption.at("resources").items.some(({ value }) => value === "secrets");
      if (!covered) fail(encryption, "encryptionConfig does not cover secrets", 'its resources must include "secrets"');
    },
  },
});

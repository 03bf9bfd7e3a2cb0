import type { ClusterArgs } from "@pulumi/aws/eks/cluster.js";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

export default rule({
  id: "kubernetes-endpoint-private",
  title: "The API of a Kubernetes cluster is not open to everyone",
  severity: "high",
  description:
    "An API that the whole internet reaches is one stolen token, or one fault in its login, away from the whole cluster.",
  remediation: "Set vpcConfig.endpointPublicAccess to false, or name in publicAccessCidrs who may reach it.",
  controls: { fsbp: ["EKS.1"], pci4: ["1.4.4"], wellArchitected: ["SEC05"] },
  resources: {
    "aws:eks/cluster:Cluster": (cluster: Resource<ClusterArgs>, { fail }) => {
      const network = cluster.at("vpcConfig");
      // Public is what it is unless the program says otherwise (Amazon EKS User Guide, "Cluster API server endpoint").
      if (network.at("endpointPublicAccess").value === false) return;
      const ranges = network.at("publicAccessCidrs");
      const open = ranges.isSet ? ranges.items.find(({ value }) => /\/0$/.test(value ?? "")) : ranges;
      if (open !== undefined)
        fail(
          open,
          `the API is open to ${ranges.isSet ? open.shown : "everyone"}`,
          "endpointPublicAccess must be false, or publicAccessCidrs must name who may reach it",
        );
    },
  },
});

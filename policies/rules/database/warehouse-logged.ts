import type { ClusterArgs } from "@pulumi/aws/redshift/cluster.js";
import type { LoggingArgs } from "@pulumi/aws/redshift/logging.js";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

export default rule({
  id: "warehouse-logged",
  title: "A data warehouse logs who connects and what is asked",
  severity: "medium",
  description: "Only the audit log says who read which table.",
  remediation: "Add an aws.redshift.Logging with the identifier of the cluster.",
  controls: { fsbp: ["Redshift.4"], pci4: ["10.2.1"], wellArchitected: ["SEC04"] },
  inStack: {
    "aws:redshift/cluster:Cluster": (cluster: Resource<ClusterArgs>, { fail }, stack) => {
      const logs = stack.linked<LoggingArgs>("aws:redshift/logging:Logging", "clusterIdentifier", cluster);
      if (logs.length > 0) return;
      const identifier = cluster.at("clusterIdentifier").value;
      const named = stack
        .ofType<LoggingArgs>("aws:redshift/logging:Logging")
        .some((log) => identifier !== undefined && log.named.at("clusterIdentifier").value === identifier);
      if (!named) fail(cluster, "the cluster has no Logging", "it must have one");
    },
  },
});

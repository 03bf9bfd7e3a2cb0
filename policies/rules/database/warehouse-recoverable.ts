import type { ClusterArgs } from "@pulumi/aws/redshift/cluster.js";
import { beAtLeast } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

export default rule({
  id: "warehouse-recoverable",
  title: "A data warehouse keeps automatic snapshots for a week",
  severity: "high",
  description: "A faulty load is often found days later; by then the one day that AWS keeps by itself is over.",
  remediation: "Set automatedSnapshotRetentionPeriod to 7 or more.",
  controls: { fsbp: ["Redshift.3"], wellArchitected: ["REL09"] },
  config: { leastDays: { type: "integer", default: 7, minimum: 1, maximum: 35, description: "Least days of snapshots." } },
  resources: {
    "aws:redshift/cluster:Cluster": (cluster: Resource<ClusterArgs>, { config, must }) => {
      must(cluster.at("automatedSnapshotRetentionPeriod").or(1), beAtLeast(config.leastDays, "days"));
    },
  },
});

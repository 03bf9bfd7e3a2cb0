import type { ClusterArgs } from "@pulumi/aws/rds/cluster.js";
import type { InstanceArgs } from "@pulumi/aws/rds/instance.js";
import { beAtLeast } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

export default rule({
  id: "database-recoverable",
  title: "A database keeps automatic backups for at least a week",
  severity: "high",
  description:
    "Backups bring back every second of the days that they reach back. A week covers a fault made on a Friday and noticed after a long weekend.",
  remediation: "Set backupRetentionPeriod to 7 or more.",
  controls: { fsbp: ["RDS.11"], wellArchitected: ["REL09"] },
  config: {
    leastDays: { type: "integer", default: 7, minimum: 1, maximum: 35, description: "Least days of backups." },
  },
  resources: {
    "aws:rds/cluster:Cluster": (cluster: Resource<ClusterArgs>, { config, must }) =>
      must(cluster.at("backupRetentionPeriod").or(1), beAtLeast(config.leastDays, "days")),
    "aws:rds/instance:Instance": (instance: Resource<InstanceArgs>, { config, must }) => {
      // A replica's backups are its source's.
      if (instance.at("replicateSourceDb").isSet) return;
      must(instance.at("backupRetentionPeriod").or(0), beAtLeast(config.leastDays, "days"));
    },
  },
});

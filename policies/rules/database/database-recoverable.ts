import type { ClusterArgs as DocumentArgs } from "@pulumi/aws/docdb/cluster.js";
import type { ClusterArgs as GraphArgs } from "@pulumi/aws/neptune/cluster.js";
import type { ClusterArgs } from "@pulumi/aws/rds/cluster.js";
import type { InstanceArgs } from "@pulumi/aws/rds/instance.js";
import type { Check } from "../../framework/check.ts";
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
  controls: { fsbp: ["RDS.11", "DocumentDB.2", "Neptune.5"], wellArchitected: ["REL09"] },
  config: {
    leastDays: { type: "integer", default: 7, minimum: 1, maximum: 35, description: "Least days of backups." },
  },
  resources: {
    "aws:docdb/cluster:Cluster": kept,
    "aws:neptune/cluster:Cluster": kept,
    "aws:rds/cluster:Cluster": kept,
    "aws:rds/instance:Instance": (instance: Resource<InstanceArgs>, { config, must }) => {
      // A replica's backups are its source's.
      if (instance.at("replicateSourceDb").isSet) return;
      must(instance.at("backupRetentionPeriod").or(0), beAtLeast(config.leastDays, "days"));
    },
  },
});

function kept(
  cluster: Resource<ClusterArgs | DocumentArgs | GraphArgs>,
  { config, must }: Check<{ readonly leastDays: number }>,
): void {
  must(cluster.at("backupRetentionPeriod").or(1), beAtLeast(config.leastDays, "days"));
}

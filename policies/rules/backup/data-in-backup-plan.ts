import type { Check } from "../../framework/check.ts";
import type { ResourceWith } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";
import type { Stack } from "../../framework/stack.ts";
import { isInBackupPlan } from "../../shared/backups.ts";

export default rule({
  id: "data-in-backup-plan",
  title: "Every database, table and file system is in a backup plan",
  severity: "high",
  description:
    "The backups of a database go with the database. A plan keeps copies in a vault of its own, on one schedule, where a restore can be tested.",
  remediation: "Give the resource a tag that an aws.backup.Selection selects, or name its ARN in the resources of one.",
  controls: {
    fsbp: ["EFS.2"],
    securityHub: ["DynamoDB.4", "RDS.26"],
    wellArchitected: ["REL09", "REL13"],
  },
  inStack: {
    "aws:rds/cluster:Cluster": (cluster: ResourceWith<{ readonly replicationSourceIdentifier?: string }>, check, stack) => {
      if (!cluster.at("replicationSourceIdentifier").isSet) planned(cluster, check, stack);
    },
    "aws:rds/instance:Instance": (instance: ResourceWith<{ readonly replicateSourceDb?: string }>, check, stack) => {
      // What a replica holds is kept with its source.
      if (!instance.at("replicateSourceDb").isSet) planned(instance, check, stack);
    },
    "aws:docdb/cluster:Cluster": planned,
    "aws:neptune/cluster:Cluster": planned,
    "aws:dynamodb/table:Table": planned,
    "aws:efs/fileSystem:FileSystem": planned,
  },
});

function planned(resource: ResourceWith<unknown>, { fail }: Pick<Check<unknown>, "fail">, stack: Stack): void {
  if (!isInBackupPlan(resource, stack)) fail(resource, "no backup plan selects it", "an aws.backup.Selection must");
}

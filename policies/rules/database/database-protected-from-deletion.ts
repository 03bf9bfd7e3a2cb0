import type { ClusterArgs as DocumentArgs } from "@pulumi/aws/docdb/cluster.js";
import type { ClusterArgs as GraphArgs } from "@pulumi/aws/neptune/cluster.js";
import type { ClusterArgs } from "@pulumi/aws/rds/cluster.js";
import type { InstanceArgs } from "@pulumi/aws/rds/instance.js";
import type { Check } from "../../framework/check.ts";
import { beFalse, beSet, beTrue } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";
import { skipThrowawayStacks, throwawayStacks } from "../../shared/throwaway.ts";

export default rule({
  id: "database-protected-from-deletion",
  title: "A database cannot be deleted by accident, and leaves a snapshot when it is deleted on purpose",
  severity: "high",
  description: "A deletion is one changed line of a program, and takes the automatic backups with it.",
  remediation: "Set deletionProtection to true, leave skipFinalSnapshot out and name the snapshot in finalSnapshotIdentifier.",
  controls: { fsbp: ["RDS.7", "RDS.8", "DocumentDB.5", "Neptune.4"], wellArchitected: ["REL09"] },
  config: throwawayStacks,
  resources: {
    "aws:docdb/cluster:Cluster": guarded,
    "aws:neptune/cluster:Cluster": guarded,
    "aws:rds/cluster:Cluster": guarded,
    "aws:rds/instance:Instance": (instance: Resource<InstanceArgs>, check) => {
      skipThrowawayStacks(instance, check);
      check.must(instance.at("deletionProtection"), beTrue);
      // A replica holds no data of its own: AWS takes no final snapshot of it.
      if (!instance.at("replicateSourceDb").isSet) leavesSnapshot(instance, check);
    },
  },
});

type AnyCluster = ClusterArgs | DocumentArgs | GraphArgs;

function guarded(cluster: Resource<AnyCluster>, check: Check<{ readonly throwawayStacks: readonly string[] }>): void {
  skipThrowawayStacks(cluster, check);
  check.must(cluster.at("deletionProtection"), beTrue);
  leavesSnapshot(cluster, check);
}

function leavesSnapshot(database: Resource<AnyCluster | InstanceArgs>, { must }: Check<unknown>): void {
  must(database.at("skipFinalSnapshot"), beFalse);
  must(database.at("finalSnapshotIdentifier"), beSet("name the snapshot that a deletion leaves"));
}

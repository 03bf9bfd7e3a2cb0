import { CloudError, type ResourceDefinition } from "../../core/definition.ts";
import { text } from "../../core/values.ts";
import { fleetOf } from "./fleet.ts";
import { snapshotName } from "./names.ts";
import { requireFreeSnapshot, snapshotFolder, snapshotOutputs } from "./snapshot-rows.ts";
import { CLUSTER, CLUSTER_SNAPSHOT, membersOf } from "./types.ts";

/** A copy of a cluster's data that stays until it is deleted itself. Another cluster can be made from it (`snapshotIdentifier`). */
export const clusterSnapshot: ResourceDefinition = {
  type: CLUSTER_SNAPSHOT,
  replaceOn: ["dbClusterIdentifier", "dbClusterSnapshotIdentifier"],
  limits: { dbClusterSnapshotIdentifier: snapshotName("dbClusterSnapshotIdentifier") },
  references: [
    {
      path: "dbClusterIdentifier",
      to: CLUSTER,
      missing: (id) => new CloudError("DBClusterNotFoundFault", `DBCluster ${id} not found.`, 404),
    },
  ],
  create: ({ cloud, inputs, region }) => {
    const name = text(inputs, "dbClusterSnapshotIdentifier").toLowerCase();
    requireFreeSnapshot(cloud, name, region);
    const cluster = cloud.world.get(CLUSTER, text(inputs, "dbClusterIdentifier"), region);
    if (cluster === undefined || membersOf(cloud, cluster).length === 0) {
      throw new CloudError(
        "InvalidDBClusterStateFault",
        `Cannot create the snapshot because the DB cluster ${text(inputs, "dbClusterIdentifier")} has no instance that runs.`,
      );
    }
    return { id: name, outputs: snapshotOutputs(cloud, cluster, name) };
  },
  run: async (cloud, snapshot) => {
    const cluster = cloud.world.get(CLUSTER, text(snapshot.inputs, "dbClusterIdentifier"), snapshot.region);
    const folder = snapshotFolder(snapshot);
    // A snapshot is of one moment: what it holds never changes, also when the daemon starts again.
    if (cluster !== undefined && !fleetOf(cloud).servers.hasSnapshot(folder)) await fleetOf(cloud).snapshot(cluster, folder);
    return undefined;
  },
  halt: (cloud, snapshot) => fleetOf(cloud).servers.removeSnapshot(snapshotFolder(snapshot)),
};

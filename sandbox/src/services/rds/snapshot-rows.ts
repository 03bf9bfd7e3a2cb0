import type { Cloud } from "../../core/cloud.ts";
import { CloudError, type Resource } from "../../core/definition.ts";
import { arn } from "../../core/ids.ts";
import { type Props, text } from "../../core/values.ts";
import { CLUSTER_SNAPSHOT } from "./types.ts";

/** The folder that holds a snapshot's data. */
export function snapshotFolder(snapshot: Resource): string {
  return `${snapshot.region}-${snapshot.id}`;
}

/** Refuses a snapshot's name that the region has already. */
export function requireFreeSnapshot(cloud: Cloud, name: string, region: string): void {
  if (cloud.world.get(CLUSTER_SNAPSHOT, name, region) === undefined) return;
  throw new CloudError(
    "DBClusterSnapshotAlreadyExistsFault",
    `Cannot create the snapshot because a snapshot with the identifier ${name} already exists.`,
  );
}

/** What a snapshot tells of itself and of the cluster that it was taken from. */
export function snapshotOutputs(cloud: Cloud, cluster: Resource, name: string): Props {
  const { outputs, region } = cluster;
  return {
    dbClusterSnapshotIdentifier: name,
    dbClusterSnapshotArn: arn("rds", region, cloud.account, `cluster-snapshot:${name}`),
    dbClusterIdentifier: cluster.id,
    allocatedStorage: 1,
    availabilityZones: outputs["availabilityZones"] ?? [],
    engine: text(outputs, "engine"),
    engineVersion: text(outputs, "engineVersionActual"),
    kmsKeyId: text(outputs, "kmsKeyId"),
    licenseModel: "postgresql-license",
    port: outputs["port"] ?? 5432,
    snapshotType: "manual",
    sourceDbClusterSnapshotArn: "",
    status: "available",
    storageEncrypted: outputs["storageEncrypted"] === true,
    vpcId: text(outputs, "vpcId"),
    // What a cluster restored from it takes over; the provider's own outputs have no place for them.
    masterUsername: text(outputs, "masterUsername"),
    databaseName: text(outputs, "databaseName"),
  };
}

/** Puts down the snapshot that a cluster leaves behind. It is `creating` until its data are kept. */
export function putFinalSnapshot(cloud: Cloud, cluster: Resource, name: string): void {
  const tags = cluster.outputs["copyTagsToSnapshot"] === true ? (cluster.outputs["tags"] ?? {}) : {};
  cloud.world.put({
    type: CLUSTER_SNAPSHOT,
    id: name,
    urn: "",
    region: cluster.region,
    inputs: {},
    outputs: { ...snapshotOutputs(cloud, cluster, name), status: "creating", tags },
    phase: "creating",
    claimed: true,
  });
}

/** Marks a snapshot as whole. */
export function finishSnapshot(cloud: Cloud, name: string, region: string): void {
  const row = cloud.world.get(CLUSTER_SNAPSHOT, name, region);
  if (row !== undefined) cloud.world.put({ ...row, outputs: { ...row.outputs, status: "available" }, phase: "ready" });
}

import { randomBytes } from "node:crypto";
import type { Cloud } from "../../core/cloud.ts";
import { CloudError, type Operation, type Resource, type ResourceDefinition } from "../../core/definition.ts";
import { arn } from "../../core/ids.ts";
import { type Props, text } from "../../core/values.ts";
import { clusterLimits } from "./cluster-limits.ts";
import { networkOf, subnetGroupNotFound } from "./cluster-network.ts";
import { originOutputs } from "./cluster-origin.ts";
import { clusterSettings } from "./cluster-settings.ts";
import { requireUpgrade, resolveVersion } from "./engine-versions.ts";
import { invalidCombination, securityGroupReference } from "./errors.ts";
import { fleetOf } from "./fleet.ts";
import { dropSecret, manageSecret, requireOtherPassword, requirePassword } from "./master-password.ts";
import { nameOr } from "./names.ts";
import { groupReference } from "./parameter-groups.ts";
import { finishSnapshot, putFinalSnapshot, requireFreeSnapshot, snapshotFolder } from "./snapshot-rows.ts";
import { CLUSTER, CLUSTER_PARAMETER_GROUP, CLUSTER_SNAPSHOT, hostedZone, hostPart, membersOf, SUBNET_GROUP } from "./types.ts";

/**
 * An Aurora PostgreSQL cluster. The server that answers at its endpoints starts with its first instance.
 *
 * The sandbox runs the PostgreSQL of the npm package (18.x) whatever version is asked for; the version asked for is remembered and shown, and `sandbox logs`
 * says what runs. Every change is applied at once, as with `applyImmediately`. IAM authentication, encryption keys, Performance Insights and the capacity range
 * are checked and remembered; they do not change what the local server does. Automated backups go with the cluster also where `deleteAutomatedBackups` is false.
 */
export const cluster: ResourceDefinition = {
  type: CLUSTER,
  replaceOn: [
    "availabilityZones",
    "clusterIdentifier",
    "clusterIdentifierPrefix",
    "databaseName",
    "dbSubnetGroupName",
    "dbSystemId",
    "engine",
    "engineMode",
    "kmsKeyId",
    "masterUsername",
    "restoreToPointInTime",
    "s3Import.bucketName",
    "s3Import.bucketPrefix",
    "s3Import.ingestionRole",
    "s3Import.sourceEngine",
    "s3Import.sourceEngineVersion",
    "snapshotIdentifier",
    "sourceRegion",
    "storageEncrypted",
  ],
  defaults: {
    copyTagsToSnapshot: false,
    deleteAutomatedBackups: true,
    enableGlobalWriteForwarding: false,
    enableHttpEndpoint: false,
    enableLocalWriteForwarding: false,
    engineMode: "provisioned",
    skipFinalSnapshot: false,
  },
  limits: clusterLimits,
  references: [
    {
      path: "dbSubnetGroupName",
      to: SUBNET_GROUP,
      by: ["name"],
      missing: subnetGroupNotFound,
      inUse: (group, holder) =>
        new CloudError(
          "InvalidDBSubnetGroupStateFault",
          `Cannot delete the subnet group '${group.id}' because at least one database cluster: ${holder.id} is still using it.`,
        ),
    },
    securityGroupReference,
    groupReference(
      "dbClusterParameterGroupName",
      CLUSTER_PARAMETER_GROUP,
      ["DBClusterParameterGroupNotFound", "DBClusterParameterGroup"],
      "DB clusters",
    ),
  ],
  create,
  update,
  remove,
  run: async (cloud, row) => {
    await fleetOf(cloud).prepare(row);
    await fleetOf(cloud).refresh(row);
    return undefined;
  },
  halt,
  releasedBy: { deletionProtection: false, skipFinalSnapshot: true },
  look: (cloud, row) => ({ clusterMembers: membersOf(cloud, row).map((member) => member.id) }),
};

function create(operation: Operation): ReturnType<ResourceDefinition["create"]> {
  const { cloud, inputs, region } = operation;
  const id = nameOr(inputs, "clusterIdentifier");
  if (cloud.world.get(CLUSTER, id, region) !== undefined)
    throw new CloudError("DBClusterAlreadyExistsFault", "DB Cluster already exists");
  const network = networkOf(operation);
  const origin = originOutputs(operation);
  const version = resolveVersion(text(inputs, "engineVersion") || text(origin, "engineVersion"));
  const settings = clusterSettings(operation, version, {});
  const clusterArn = arn("rds", region, cloud.account, `cluster:${id}`);
  const host = hostPart(cloud, region);
  return {
    id,
    outputs: {
      ...origin,
      ...settings,
      ...network,
      arn: clusterArn,
      clusterIdentifier: id,
      clusterIdentifierPrefix: text(inputs, "clusterIdentifierPrefix"),
      clusterMembers: [],
      clusterResourceId: `cluster-${randomBytes(13).toString("hex").toUpperCase()}`,
      endpoint: `${id}.cluster-${host}.${region}.rds.amazonaws.com`,
      readerEndpoint: `${id}.cluster-ro-${host}.${region}.rds.amazonaws.com`,
      hostedZoneId: hostedZone(region),
      dbSystemId: "",
      ...manageSecret(operation, clusterArn, text(origin, "masterUsername")),
    },
  };
}

function update(operation: Operation, before: Resource): Props {
  const { inputs } = operation;
  const from = text(before.outputs, "engineVersionActual");
  const to = text(inputs, "engineVersion") === "" ? from : resolveVersion(text(inputs, "engineVersion"));
  if (to !== from) requireUpgrade(from, to, inputs["allowMajorVersionUpgrade"] === true);
  requirePassword(inputs);
  requireOtherPassword(inputs, before.outputs);
  const { vpcSecurityGroupIds } = networkOf(operation);
  const kept = [
    "masterUsername",
    "databaseName",
    "dbSubnetGroupName",
    "availabilityZones",
    "clusterIdentifier",
    "clusterIdentifierPrefix",
    "port",
  ];
  return {
    ...Object.fromEntries(kept.map((name) => [name, before.outputs[name]])),
    ...clusterSettings(operation, to, before.outputs),
    port: inputs["port"] ?? before.outputs["port"],
    vpcSecurityGroupIds,
    ...manageSecret(operation, text(before.outputs, "arn"), text(before.outputs, "masterUsername"), before.outputs),
  };
}

/** The name of the snapshot that the cluster leaves behind; undefined where it leaves none. */
function finalSnapshotOf({ inputs }: Resource): string | undefined {
  return inputs["skipFinalSnapshot"] === true ? undefined : text(inputs, "finalSnapshotIdentifier").toLowerCase();
}

function remove(cloud: Cloud, row: Resource): void {
  const snapshot = finalSnapshotOf(row);
  // The provider asks for the name before it asks AWS for anything.
  if (snapshot === "")
    throw invalidCombination("RDS Cluster final_snapshot_identifier is required when skip_final_snapshot is false");
  if (row.outputs["deletionProtection"] === true)
    throw invalidCombination("Cannot delete protected Cluster, please disable deletion protection and try again.");
  if (snapshot !== undefined) {
    requireFreeSnapshot(cloud, snapshot, row.region);
    putFinalSnapshot(cloud, row, snapshot);
  }
  dropSecret(cloud, row);
}

async function halt(cloud: Cloud, row: Resource): Promise<void> {
  const name = finalSnapshotOf(row);
  const snapshot = name === undefined ? undefined : cloud.world.get(CLUSTER_SNAPSHOT, name, row.region);
  await fleetOf(cloud).remove(row, snapshot === undefined ? undefined : snapshotFolder(snapshot));
  if (snapshot !== undefined) finishSnapshot(cloud, snapshot.id, row.region);
}

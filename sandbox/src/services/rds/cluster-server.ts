import type { Cloud } from "../../core/cloud.ts";
import type { Resource } from "../../core/definition.ts";
import { type Props, text, texts } from "../../core/values.ts";
import type { Origin, PostgresSpec } from "../../plane/postgres.ts";
import { masterPassword } from "./master-password.ts";
import { parametersOf } from "./parameters.ts";
import { writerOf } from "./roles.ts";
import { snapshotFolder } from "./snapshot-rows.ts";
import { CLUSTER, CLUSTER_SNAPSHOT, serverName, serverOf } from "./types.ts";

/** Parameters that a reader needs at least as large as its writer, or it cannot follow (postgresql.org/docs/18/hot-standby.html, "Administrator's Overview"). */
const NOT_SMALLER = [
  "max_connections",
  "max_prepared_transactions",
  "max_locks_per_transaction",
  "max_wal_senders",
  "max_worker_processes",
];

/** What the server of an instance is to be. */
export function specOf(
  cloud: Cloud,
  cluster: Resource,
  instance: Resource,
  port: number,
): PostgresSpec & { readonly server: string } {
  const { outputs } = cluster;
  const password = masterPassword(cloud, cluster);
  const database = text(outputs, "databaseName");
  return {
    ...serverOf(cluster, instance),
    port,
    names: [text(outputs, "endpoint"), text(outputs, "readerEndpoint"), text(instance.outputs, "endpoint")],
    parameters: parametersFor(cloud, cluster, instance),
    masterUsername: text(outputs, "masterUsername"),
    ...(password === undefined ? {} : { masterPassword: password }),
    ...(database === "" ? {} : { databaseName: database }),
    backupDays: Number(outputs["backupRetentionPeriod"] ?? 1),
    ...originOf(cloud, cluster),
    onLine: (line) => {
      exportLine(cloud, cluster, instance.id, line);
    },
  };
}

function parametersFor(cloud: Cloud, cluster: Resource, instance: Resource): Record<string, string> {
  const own = parametersOf(cloud, cluster, instance);
  const writer = writerOf(cloud, cluster);
  if (writer === undefined || writer.id === instance.id) return own;
  const theirs = parametersOf(cloud, cluster, writer);
  const raised = NOT_SMALLER.flatMap((name) => {
    const least = theirs[name];
    return least !== undefined && Number(least) > Number(own[name] ?? 0) ? [[name, least] as const] : [];
  });
  return { ...own, ...Object.fromEntries(raised) };
}

/** Where a cluster's first data come from. */
export function originOf(cloud: Cloud, cluster: Resource): { readonly origin?: Origin } {
  const snapshot = snapshotNamed(cloud, text(cluster.inputs, "snapshotIdentifier"), cluster.region);
  if (snapshot !== undefined) return { origin: { snapshot: snapshotFolder(snapshot) } };
  const restore = cluster.inputs["restoreToPointInTime"] as Props | undefined;
  if (restore === undefined) return {};
  const source = sourceOf(cloud, restore, cluster.region);
  if (source === undefined) return {};
  const until = text(restore, "restoreToTime");
  const writer = writerOf(cloud, source);
  return {
    origin: {
      source: serverOf(source, source).id,
      ...(writer !== undefined && { server: serverName(writer) }),
      ...(until !== "" && { until: new Date(until) }),
    },
  };
}

/** What `enabledCloudwatchLogsExports` sends to CloudWatch Logs; asked for each line, because it may change while the server runs. */
function exportLine(cloud: Cloud, cluster: Resource, instance: string, line: string): void {
  const current = cloud.world.get(CLUSTER, cluster.id, cluster.region);
  if (current === undefined || !texts(current.outputs, "enabledCloudwatchLogsExports").includes("postgresql")) return;
  cloud.putLog(`/aws/rds/cluster/${cluster.id}/postgresql`, `${instance}.0`, line);
}

/** The snapshot with that name or ARN. */
export function snapshotNamed(cloud: Cloud, nameOrArn: string, region: string): Resource | undefined {
  if (nameOrArn === "") return undefined;
  return cloud.world
    .all(CLUSTER_SNAPSHOT)
    .find((row) => row.region === region && (row.id === nameOrArn || row.outputs["dbClusterSnapshotArn"] === nameOrArn));
}

/** The cluster that a `restoreToPointInTime` restores. */
export function sourceOf(cloud: Cloud, restore: Props, region: string): Resource | undefined {
  const name = text(restore, "sourceClusterIdentifier");
  const resourceId = text(restore, "sourceClusterResourceId");
  return cloud.world
    .all(CLUSTER)
    .filter((row) => row.region === region)
    .find((row) =>
      name === "" ? row.outputs["clusterResourceId"] === resourceId : row.id === name || row.outputs["arn"] === name,
    );
}

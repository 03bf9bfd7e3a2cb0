import type { Cloud } from "../../core/cloud.ts";
import type { Resource } from "../../core/definition.ts";
import { type Props, text, texts } from "../../core/values.ts";
import { type Origin, type PostgresOutcome, PostgresServers, type PostgresSpec } from "../../plane/postgres.ts";
import { masterPassword } from "./master-password.ts";
import { parametersOf } from "./parameters.ts";
import { snapshotFolder } from "./snapshot-rows.ts";
import { CLUSTER, CLUSTER_SNAPSHOT, membersOf, portKey, serverId } from "./types.ts";

const fleets = new WeakMap<Cloud, DatabaseFleet>();

/** The database servers of a cloud. */
export function fleetOf(cloud: Cloud): DatabaseFleet {
  const fleet = fleets.get(cloud) ?? new DatabaseFleet(cloud);
  fleets.set(cloud, fleet);
  return fleet;
}

/** Brings the local servers into agreement with the clusters of the world, one change of a cluster at a time. */
export class DatabaseFleet {
  readonly servers: PostgresServers;
  private readonly cloud: Cloud;
  private readonly turns = new Map<string, Promise<unknown>>();
  /** What people were told of a server; they are told again only when it changes. */
  private readonly told = new Map<string, string>();

  constructor(cloud: Cloud) {
    this.cloud = cloud;
    this.servers = new PostgresServers(cloud);
  }

  /** Makes the data of a cluster that is restored from something: it need not be there any more when the first instance comes. Others begin empty then. */
  async prepare(cluster: Resource): Promise<void> {
    const { origin } = this.originOf(cluster);
    if (origin !== undefined) await this.inTurn(cluster, () => this.servers.prepare({ id: serverId(cluster), origin }));
  }

  /** Runs the server of the cluster that an instance belongs to, or changes it, and opens the endpoints. `starting` counts as a member even before it is ready. */
  run(cluster: Resource, starting?: Resource): Promise<void> {
    return this.inTurn(cluster, async () => {
      const current = this.cloud.world.get(CLUSTER, cluster.id, cluster.region) ?? cluster;
      const members = membersOf(this.cloud, current).filter((row) => row.phase === "ready" || row.id === starting?.id);
      const [writer] = members;
      if (writer === undefined) return;
      const port = await this.cloud.ports.of(portKey(current));
      const spec = this.specOf(current, members, port);
      const outcome = await this.servers.run(spec);
      this.openEndpoints(spec.names, portText(current), port);
      this.tell(current, writer, outcome);
    });
  }

  /** Takes over changes into a server that runs; one that does not run takes them over when it starts. */
  async refresh(cluster: Resource): Promise<void> {
    if (this.servers.isRunning(serverId(cluster))) await this.run(cluster);
  }

  /** Closes an instance's endpoint. With the last one the server stops; otherwise the next one is the writer, with its own parameters. */
  async leave(cluster: Resource, instance: Resource): Promise<void> {
    const isLast = !membersOf(this.cloud, cluster).some((row) => row.id !== instance.id);
    await this.inTurn(cluster, async () => {
      const port = portText(cluster);
      this.cloud.addresses.remove(`${text(instance.outputs, "endpoint")}:${port}`);
      if (!isLast) return;
      for (const name of ["endpoint", "readerEndpoint"]) this.cloud.addresses.remove(`${text(cluster.outputs, name)}:${port}`);
      await this.servers.stop(serverId(cluster));
    });
    if (!isLast) await this.refresh(cluster);
  }

  /** Removes the cluster's data; with `finalSnapshot` (a folder) they are kept as that. */
  remove(cluster: Resource, finalSnapshot?: string): Promise<void> {
    return this.inTurn(cluster, async () => {
      await this.servers.remove(serverId(cluster), finalSnapshot);
      this.cloud.ports.forget(portKey(cluster));
      this.told.delete(serverId(cluster));
    });
  }

  /** Copies a running cluster into a snapshot's folder. */
  snapshot(cluster: Resource, folder: string): Promise<void> {
    return this.inTurn(cluster, async () => {
      await this.servers.snapshot(serverId(cluster), await this.cloud.ports.of(portKey(cluster)), folder);
    });
  }

  /** Lets the names lead to the local port; under the port that a cluster had before nobody answers any more. */
  private openEndpoints(names: readonly string[], port: string, localPort: number): void {
    for (const [address] of this.cloud.addresses.entries()) {
      const [name = "", known] = address.split(":");
      if (names.includes(name) && known !== port) this.cloud.addresses.remove(address);
    }
    for (const name of names) this.cloud.addresses.set(`${name}:${port}`, { host: "127.0.0.1", port: localPort });
  }

  private specOf(cluster: Resource, members: readonly Resource[], port: number): PostgresSpec {
    const { outputs } = cluster;
    const password = masterPassword(this.cloud, cluster);
    const database = text(outputs, "databaseName");
    return {
      id: serverId(cluster),
      port,
      names: [text(outputs, "endpoint"), text(outputs, "readerEndpoint"), ...members.map((row) => text(row.outputs, "endpoint"))],
      parameters: parametersOf(this.cloud, cluster, members[0]),
      masterUsername: text(outputs, "masterUsername"),
      ...(password === undefined ? {} : { masterPassword: password }),
      ...(database === "" ? {} : { databaseName: database }),
      backupDays: Number(outputs["backupRetentionPeriod"] ?? 1),
      ...this.originOf(cluster),
      onLine: (line) => {
        this.exportLine(cluster, members[0]?.id ?? cluster.id, line);
      },
    };
  }

  private originOf(cluster: Resource): { readonly origin?: Origin } {
    const snapshot = snapshotNamed(this.cloud, text(cluster.inputs, "snapshotIdentifier"), cluster.region);
    if (snapshot !== undefined) return { origin: { snapshot: snapshotFolder(snapshot) } };
    const restore = cluster.inputs["restoreToPointInTime"] as Props | undefined;
    if (restore === undefined) return {};
    const source = sourceOf(this.cloud, restore, cluster.region);
    if (source === undefined) return {};
    const until = text(restore, "restoreToTime");
    return { origin: { source: serverId(source), ...(until === "" ? {} : { until: new Date(until) }) } };
  }

  /** What `enabledCloudwatchLogsExports` sends to CloudWatch Logs; asked for each line, because it may change while the server runs. */
  private exportLine(cluster: Resource, instance: string, line: string): void {
    const current = this.cloud.world.get(CLUSTER, cluster.id, cluster.region);
    if (current === undefined || !texts(current.outputs, "enabledCloudwatchLogsExports").includes("postgresql")) return;
    this.cloud.putLog(`/aws/rds/cluster/${cluster.id}/postgresql`, `${instance}.0`, line);
  }

  private tell(cluster: Resource, writer: Resource, { unapplied, pendingReboot }: PostgresOutcome): void {
    const asked = text(cluster.outputs, "engineVersionActual");
    const notes = [
      `${writer.id}: PostgreSQL ${this.servers.version()} runs here for Aurora PostgreSQL ${asked}`,
      ...(unapplied.length > 0 ? [`without effect on this machine: ${unapplied.join(", ")}`] : []),
      ...(pendingReboot.length > 0 ? [`pending reboot: ${pendingReboot.join(", ")}`] : []),
    ].join("; ");
    if (this.told.get(serverId(cluster)) === notes) return;
    this.told.set(serverId(cluster), notes);
    this.cloud.note(notes);
  }

  private async inTurn<T>(cluster: Resource, work: () => Promise<T>): Promise<T> {
    const key = serverId(cluster);
    const before = this.turns.get(key) ?? Promise.resolve();
    const mine = before.then(work, work);
    const settled = mine.catch(() => undefined);
    this.turns.set(key, settled);
    try {
      return await mine;
    } finally {
      if (this.turns.get(key) === settled) this.turns.delete(key);
    }
  }
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

function portText(cluster: Resource): string {
  return String(Number(cluster.outputs["port"] ?? 5432));
}

import type { Cloud } from "../../core/cloud.ts";
import { CloudError, type Resource } from "../../core/definition.ts";
import { text } from "../../core/values.ts";
import { type PostgresOutcome, PostgresServers, type PostgresSpec } from "../../plane/postgres.ts";
import { isZoneOut } from "../ec2/outages.ts";
import { originOf, specOf } from "./cluster-server.ts";
import { ClusterEndpoints } from "./endpoints.ts";
import { byPromotion, setWriter, writerOf } from "./roles.ts";
import { Turns } from "./turns.ts";
import { CLUSTER, membersOf, portKey, portText, serverId, serverName, serverOf, serverPortKey } from "./types.ts";

const fleets = new WeakMap<Cloud, DatabaseFleet>();

/** The database servers of a cloud. */
export function fleetOf(cloud: Cloud): DatabaseFleet {
  const fleet = fleets.get(cloud) ?? new DatabaseFleet(cloud);
  fleets.set(cloud, fleet);
  return fleet;
}

/** Brings the local servers into agreement with the clusters of the world, one change of a cluster at a time, and lets a reader take a dead writer's place. */
export class DatabaseFleet {
  readonly servers: PostgresServers;
  private readonly cloud: Cloud;
  private readonly turns = new Turns();
  private readonly endpoints = new Map<string, ClusterEndpoints>();
  /** How far each reader was behind when it was last asked, by its server's name. */
  private readonly lags = new Map<string, number>();
  /** What people were told of a server; they are told again only when it changes. */
  private readonly told = new Map<string, string>();

  constructor(cloud: Cloud) {
    this.cloud = cloud;
    this.servers = new PostgresServers(cloud);
  }

  /** Makes the data of a cluster that is restored from something: it need not be there any more when the first instance comes. Others begin empty then. */
  async prepare(cluster: Resource): Promise<void> {
    const { origin } = originOf(this.cloud, cluster);
    if (origin !== undefined)
      await this.turns.take(serverId(cluster), () => this.servers.prepare({ id: serverId(cluster), origin }));
  }

  /** Runs the servers of a cluster's instances, or changes them, and opens the endpoints. `starting` counts as a member even before it is ready. */
  run(cluster: Resource, starting?: Resource): Promise<void> {
    return this.turns.take(serverId(cluster), () => this.arrange(cluster, starting));
  }

  /** Takes over changes into servers that run; those that do not take them over when they start. */
  async refresh(cluster: Resource): Promise<void> {
    const runs = membersOf(this.cloud, cluster).some((row) => this.servers.isRunning(serverOf(cluster, row)));
    if (runs) await this.run(cluster);
  }

  /**
   * Lets a reader take the writer's place: this one, or the best that answers. The writer comes back as a reader. Rejects, with the cluster as it was, when no
   * reader can.
   */
  failOver(cluster: Resource, to?: Resource): Promise<void> {
    return this.turns.take(serverId(cluster), async () => {
      const from = writerOf(this.cloud, cluster);
      const candidates = to === undefined ? this.candidates(cluster) : [to];
      if (from === undefined || candidates.length === 0) throw new Error(`${cluster.id} has no reader that answers`);
      await this.replace(cluster, from, candidates).finally(() => this.arrange(cluster));
    });
  }

  /** Closes an instance's endpoint and ends its server. A writer's place is taken by a reader first; with the last instance the data are the cluster's alone. */
  async leave(cluster: Resource, instance: Resource): Promise<void> {
    const others = membersOf(this.cloud, cluster).filter((row) => row.id !== instance.id);
    await this.turns.take(serverId(cluster), async () => {
      this.cloud.addresses.remove(`${text(instance.outputs, "endpoint")}:${portText(cluster)}`);
      const server = serverOf(cluster, instance);
      if (writerOf(this.cloud, cluster)?.id !== instance.id) await this.servers.removeReader(server);
      else {
        const candidates = this.candidates(cluster);
        if (candidates.length > 0) {
          await this.replace(cluster, instance, candidates);
          await this.servers.removeReader(server);
        } else await this.detach(cluster, instance, others);
      }
      this.cloud.ports.forget(serverPortKey(instance));
      this.lags.delete(serverName(instance));
    });
    if (others.length > 0) await this.run(cluster);
  }

  /** Removes the cluster's data; with `finalSnapshot` (a folder) they are kept as that. */
  remove(cluster: Resource, finalSnapshot?: string): Promise<void> {
    return this.turns.take(serverId(cluster), async () => {
      await this.servers.remove(serverId(cluster), finalSnapshot);
      for (const name of ["endpoint", "readerEndpoint"] as const) this.cloud.ports.forget(portKey(cluster, name));
      this.told.delete(serverId(cluster));
    });
  }

  /** Copies a running cluster into a snapshot's folder. */
  snapshot(cluster: Resource, folder: string): Promise<void> {
    return this.turns.take(serverId(cluster), async () => {
      const writer = writerOf(this.cloud, cluster);
      if (writer === undefined) throw noInstance(cluster);
      await this.servers.snapshot(serverId(cluster), await this.portOf(writer), folder);
    });
  }

  /** The local port of an instance's server. */
  portOf(instance: Resource): Promise<number> {
    return this.cloud.ports.of(serverPortKey(instance));
  }

  /** How many milliseconds a reader was behind when it was last asked; undefined before that. */
  lagMs(instance: Resource): number | undefined {
    return this.lags.get(serverName(instance));
  }

  /** Remembers what a reader has answered. */
  sawLag(instance: Resource, milliseconds: number): void {
    this.lags.set(serverName(instance), milliseconds);
  }

  /** The cluster's host names as they are served now. */
  endpointsOf(cluster: Resource): ClusterEndpoints {
    const found = this.endpoints.get(serverId(cluster)) ?? new ClusterEndpoints(this.cloud);
    this.endpoints.set(serverId(cluster), found);
    return found;
  }

  /** A zone has been switched off: every instance that stands in it ends at once, and stays so until it is on again. Readers elsewhere take the places of writers. */
  switchOff(region: string, zone: string): void {
    for (const cluster of this.clustersIn(region))
      for (const row of membersOf(this.cloud, cluster))
        if (row.outputs["availabilityZone"] === zone) this.servers.kill(serverOf(cluster, row));
  }

  /** A zone has been switched on again: its instances start, as readers where others write meanwhile. */
  async switchOn(region: string): Promise<void> {
    await Promise.all(this.clustersIn(region).map((cluster) => this.run(cluster)));
  }

  /** Stops answering, for the daemon's end. */
  async close(): Promise<void> {
    await Promise.all([...this.endpoints.values()].map((endpoints) => endpoints.stop()));
    this.endpoints.clear();
  }

  private clustersIn(region: string): Resource[] {
    return this.cloud.world.all(CLUSTER).filter((cluster) => cluster.region === region);
  }

  private isDark({ outputs }: Resource): boolean {
    return isZoneOut(this.cloud, text(outputs, "availabilityZone"));
  }

  private async arrange(cluster: Resource, starting?: Resource): Promise<void> {
    const current = this.cloud.world.get(CLUSTER, cluster.id, cluster.region) ?? cluster;
    const members = membersOf(this.cloud, current).filter((row) => row.phase === "ready" || row.id === starting?.id);
    if (starting !== undefined && this.isDark(starting)) throw zoneIsOff(starting);
    const lit = members.filter((row) => !this.isDark(row));
    const before = writerOf(this.cloud, current);
    const candidates = this.candidates(current);
    if (before !== undefined && this.isDark(before) && candidates.length > 0) await this.replace(current, before, candidates);
    const writer = writerOf(this.cloud, current) ?? lit[0];
    if (writer === undefined || this.isDark(writer)) return;
    setWriter(this.cloud, current, writer);
    const spec = this.specOf(current, writer, await this.portOf(writer));
    await this.servers.write(spec);
    const outcome = await this.servers.settle(spec);
    const readers = lit.filter((row) => row.id !== writer.id);
    await this.openEndpoints(current, [writer, ...readers]);
    this.tell(current, writer, outcome);
    await this.follow(current, readers, { id: spec.server, port: spec.port }, starting);
  }

  /** Runs the readers. What keeps one from it is that one's fault alone. */
  private async follow(
    cluster: Resource,
    readers: readonly Resource[],
    primary: { readonly id: string; readonly port: number },
    starting: Resource | undefined,
  ): Promise<void> {
    const results = await Promise.allSettled(
      readers.map(async (row) => this.servers.follow(this.specOf(cluster, row, await this.portOf(row)), primary)),
    );
    for (const [index, result] of results.entries()) {
      if (result.status === "fulfilled") continue;
      const row = readers[index];
      if (row?.id === starting?.id) throw result.reason;
      this.cloud.note(`${row?.id ?? ""} cannot follow the writer of ${cluster.id}: ${messageOf(result.reason)}`);
    }
  }

  private async openEndpoints(cluster: Resource, members: readonly Resource[]): Promise<void> {
    const ports = new Map(await Promise.all(members.map(async (row) => [row, await this.portOf(row)] as const)));
    const [writer, ...readers] = members;
    const ready = (): number[] =>
      readers.filter((row) => this.servers.isReady(serverOf(cluster, row))).map((row) => ports.get(row) ?? 0);
    const names = new Map(members.map((row) => [text(row.outputs, "endpoint"), ports.get(row) ?? 0]));
    if (writer !== undefined) await this.endpointsOf(cluster).open(cluster, ports.get(writer) ?? 0, ready, names);
  }

  /** Readers that answer, in the order in which they are promoted. */
  private candidates(cluster: Resource): Resource[] {
    const writer = writerOf(this.cloud, cluster);
    return byPromotion(
      membersOf(this.cloud, cluster).filter(
        (row) =>
          row.phase === "ready" && row.id !== writer?.id && !this.isDark(row) && this.servers.isReady(serverOf(cluster, row)),
      ),
    );
  }

  /**
   * Promotes the first of the candidates that can be. Whatever happens in between, there is one writer: the old one is ended, and cut off, before its log is read
   * to the end, and who writes is on disk before anybody is let in. If the daemon ends half-way, the next one promotes what is remembered as the writer.
   */
  private async replace(cluster: Resource, from: Resource, candidates: readonly Resource[]): Promise<void> {
    const endpoints = this.endpointsOf(cluster);
    for (const to of candidates) {
      const [old, port] = [await this.portOf(from), await this.portOf(to)];
      endpoints.write(undefined);
      endpoints.cut(old);
      // As on Aurora, who was connected to the reader is not to find itself on the writer.
      endpoints.cut(port);
      this.cloud.note(`${cluster.id}: Started failover to DB instance: ${to.id}`);
      try {
        await this.servers.retire(serverOf(cluster, from));
        setWriter(this.cloud, cluster, to);
        await this.servers.write(this.specOf(cluster, to, port));
        endpoints.write(port);
        this.cloud.note(`${cluster.id}: Completed failover to DB instance: ${to.id}`);
        return;
      } catch (error) {
        setWriter(this.cloud, cluster, from);
        await this.servers.stop(serverOf(cluster, to));
        this.cloud.note(`${cluster.id}: Failover to DB instance ${to.id} failed: ${messageOf(error)}`);
      }
    }
    throw new Error(`no reader of ${cluster.id} could be promoted`);
  }

  /** Takes the data back from the cluster's only server that has all of them. */
  private async detach(cluster: Resource, writer: Resource, others: readonly Resource[]): Promise<void> {
    for (const row of others) await this.servers.stop(serverOf(cluster, row));
    await this.endpointsOf(cluster).close(cluster);
    this.endpoints.delete(serverId(cluster));
    await this.servers.leave(serverOf(cluster, writer));
    setWriter(this.cloud, cluster, undefined);
  }

  private specOf(cluster: Resource, instance: Resource, port: number): PostgresSpec & { readonly server: string } {
    return { ...specOf(this.cloud, cluster, instance, port), isReplaced: () => this.died(cluster, instance) };
  }

  /** Whether a server that has just died is not to be started again: its zone is off, or a reader takes its place. */
  private died(cluster: Resource, instance: Resource): boolean {
    const replaced = writerOf(this.cloud, cluster)?.id === instance.id && this.candidates(cluster).length > 0;
    if (replaced) void this.takeOver(cluster, instance);
    return replaced || this.isDark(instance);
  }

  private takeOver(cluster: Resource, dead: Resource): Promise<void> {
    this.endpointsOf(cluster).write(undefined);
    return this.turns
      .take(serverId(cluster), async () => {
        // What went on when it died may have started it again.
        if (writerOf(this.cloud, cluster)?.id !== dead.id || this.servers.isRunning(serverOf(cluster, dead))) return;
        const candidates = this.candidates(cluster);
        if (candidates.length > 0) await this.replace(cluster, dead, candidates).catch(() => undefined);
        await this.arrange(cluster);
      })
      .catch((error: unknown) => {
        this.cloud.note(`${cluster.id} has no writer: ${messageOf(error)}`);
      });
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
}

/** Of a cluster that nothing runs for. */
export function noInstance(cluster: Resource): CloudError {
  return new CloudError("InvalidDBClusterStateFault", `The DB cluster ${cluster.id} has no instance that runs.`);
}

function zoneIsOff({ outputs }: Resource): CloudError {
  return new CloudError(
    "InsufficientDBInstanceCapacity",
    `The requested DB instance class isn't available in the Availability Zone ${text(outputs, "availabilityZone")}: the zone is off.`,
  );
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

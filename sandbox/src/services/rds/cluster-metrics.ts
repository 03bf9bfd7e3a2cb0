import type { Cloud } from "../../core/cloud.ts";
import type { Resource } from "../../core/definition.ts";
import { isProps, text } from "../../core/values.ts";
import { ADMIN } from "../../plane/postgres-config.ts";
import { processName } from "../../plane/postgres.ts";
import type { Load, ProcessLoad } from "../../plane/process-load.ts";
import { memoryGibOf, processorsOf } from "../ec2/instance-types.ts";
import { ACU_GIB, ACU_PROCESSORS, capacityFor, type CapacityRange } from "./capacity.ts";
import { fleetOf } from "./fleet.ts";
import { CLUSTER, membersOf, portKey, serverId } from "./types.ts";

const GIB = 1024 ** 3;
const PAUSE_AFTER_SECONDS = 300;
/** The other databases must not wait for a server that does not answer. */
const ANSWER_MS = 10_000;

type Values = Readonly<Record<string, readonly [value: number, unit: string]>>;

/**
 * The metrics that RDS publishes in `AWS/RDS` by `DBClusterIdentifier` and by `DBInstanceIdentifier` (Aurora User Guide, "Amazon CloudWatch metrics for Amazon
 * Aurora"). A database whose server does not run publishes nothing.
 *
 * Connections are counted in PostgreSQL, without RDS' own. The capacity of a serverless instance is what its load asks for; the local server is neither limited
 * nor paused by it. Its processor and its memory are shares of the cluster's highest capacity, as on AWS.
 */
export class ClusterMetrics {
  private readonly cloud: Cloud;
  /** Since when nobody has been seen connected to each server. */
  private readonly idleSince = new Map<string, number>();

  constructor(cloud: Cloud) {
    this.cloud = cloud;
  }

  /** Publishes the minute that began at `minute`. Rejects when a server that runs does not tell its connections; the other metrics are published all the same. */
  async collect(load: Load, minute: number): Promise<void> {
    const clusters = this.cloud.world.all(CLUSTER);
    const ids = new Set(clusters.map(serverId));
    for (const id of this.idleSince.keys()) if (!ids.has(id)) this.idleSince.delete(id);
    const results = await Promise.allSettled(clusters.map((cluster) => this.publish(cluster, load, minute)));
    const failed = results.find((result) => result.status === "rejected");
    if (failed !== undefined) throw failed.reason;
  }

  private async publish(cluster: Resource, load: Load, minute: number): Promise<void> {
    const [writer] = membersOf(this.cloud, cluster).filter(({ phase }) => phase === "ready");
    const server = load.processes.get(processName(serverId(cluster)));
    if (writer === undefined || server?.state !== "ready" || server.frozen) return;
    const put = (values: Values): void => {
      for (const [name, [value, unit]] of Object.entries(values)) {
        for (const dimensions of [{ DBClusterIdentifier: cluster.id }, { DBInstanceIdentifier: writer.id }])
          this.cloud.putMetric("AWS/RDS", name, dimensions, value, { unit, at: minute, region: cluster.region });
      }
    };
    try {
      const connections = await this.connections(cluster);
      put({ DatabaseConnections: [connections, "Count"] });
      if (connections > 0) this.idleSince.delete(serverId(cluster));
    } finally {
      put(this.machineOf(cluster, writer, server, load.seconds));
    }
  }

  /** The processor, the memory and, of a serverless instance, the capacity. */
  private machineOf(cluster: Resource, writer: Resource, server: ProcessLoad, seconds: number): Values {
    const range = rangeOf(cluster, writer);
    const type = text(writer.outputs, "instanceClass").replace(/^db\./, "");
    const memoryGib = range === undefined ? memoryGibOf(type) : range.most * ACU_GIB;
    const free: Values = { FreeableMemory: [Math.max(0, memoryGib * GIB - server.memoryBytes), "Bytes"] };
    if (seconds === 0) return free;
    const processors = server.cpuSeconds / seconds;
    const available = range === undefined ? processorsOf(type) : range.most * ACU_PROCESSORS;
    // This machine may have more processors than the instance.
    const values: Values = { ...free, CPUUtilization: [Math.min(100, (100 * processors) / available), "Percent"] };
    if (range === undefined) return values;
    const { memoryBytes } = server;
    const capacity = capacityFor(range, { processors, memoryBytes, idleSeconds: this.idleSeconds(cluster) });
    return {
      ...values,
      ServerlessDatabaseCapacity: [capacity, "Count"],
      ACUUtilization: [(100 * capacity) / range.most, "Percent"],
    };
  }

  private idleSeconds(cluster: Resource): number {
    const since = this.idleSince.get(serverId(cluster)) ?? this.cloud.now();
    this.idleSince.set(serverId(cluster), since);
    return (this.cloud.now() - since) / 1000;
  }

  private async connections(cluster: Resource): Promise<number> {
    const port = await this.cloud.ports.of(portKey(cluster));
    const counting = fleetOf(this.cloud).servers.administer(serverId(cluster), port, async (client) => {
      // Not counted are sessions of the engine's own, and those of RDS.
      const { rows } = await client.query<{ count: number }>(
        "SELECT count(*)::int AS count FROM pg_stat_activity WHERE backend_type = 'client backend' AND usename <> $1",
        [ADMIN],
      );
      return rows[0]?.count ?? 0;
    });
    return inTime(counting, `${cluster.id} did not tell its connections within ${String(ANSWER_MS / 1000)} s`);
  }
}

/** The capacity range of the cluster, if the instance is a serverless one. */
function rangeOf(cluster: Resource, writer: Resource): CapacityRange | undefined {
  const range = cluster.outputs["serverlessv2ScalingConfiguration"];
  if (writer.outputs["instanceClass"] !== "db.serverless" || !isProps(range)) return undefined;
  const pauseAfterSeconds = Number(range["secondsUntilAutoPause"] ?? PAUSE_AFTER_SECONDS);
  return { least: Number(range["minCapacity"]), most: Number(range["maxCapacity"]), pauseAfterSeconds };
}

async function inTime<T>(work: Promise<T>, otherwise: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(otherwise));
    }, ANSWER_MS);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

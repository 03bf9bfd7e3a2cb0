import type { Cloud } from "../../core/cloud.ts";
import type { Resource } from "../../core/definition.ts";
import { isProps, text } from "../../core/values.ts";
import { ADMIN } from "../../plane/postgres-config.ts";
import { lagMsOf } from "../../plane/postgres-following.ts";
import { processName } from "../../plane/postgres.ts";
import type { Load, ProcessLoad } from "../../plane/process-load.ts";
import { memoryGibOf, processorsOf } from "../ec2/instance-types.ts";
import { ACU_GIB, ACU_PROCESSORS, capacityFor, type CapacityRange } from "./capacity.ts";
import { fleetOf } from "./fleet.ts";
import { publishProxies } from "./proxy-metrics.ts";
import { isWriter } from "./roles.ts";
import { CLUSTER, membersOf, serverName, serverOf } from "./types.ts";

const GIB = 1024 ** 3;
const PAUSE_AFTER_SECONDS = 300;
/** The other databases must not wait for a server that does not answer. */
const ANSWER_MS = 10_000;

type Values = Readonly<Record<string, readonly [value: number, unit: string]>>;

/** An instance whose server runs. */
interface Measured {
  readonly cluster: Resource;
  readonly instance: Resource;
  readonly server: ProcessLoad;
  readonly writes: boolean;
}

/**
 * The metrics that RDS publishes in `AWS/RDS`: of proxies, see {@link publishProxies}; and of each instance, by `DBInstanceIdentifier`, by `DBClusterIdentifier`, and by that and `Role` (`WRITER` or `READER`;
 * Aurora User Guide, "Amazon CloudWatch metrics for Amazon Aurora"). An instance whose server does not run publishes nothing.
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
    publishProxies(this.cloud, minute);
    const measured = this.cloud.world.all(CLUSTER).flatMap((cluster) =>
      membersOf(this.cloud, cluster).flatMap((instance) => {
        const server = load.processes.get(processName(serverOf(cluster, instance)));
        if (instance.phase !== "ready" || server?.state !== "ready" || server.frozen) return [];
        return [{ cluster, instance, server, writes: isWriter(this.cloud, cluster, instance) }];
      }),
    );
    const names = new Set(measured.map(({ instance }) => serverName(instance)));
    for (const name of this.idleSince.keys()) if (!names.has(name)) this.idleSince.delete(name);
    const results = await Promise.allSettled(measured.map((each) => this.publish(each, load, minute)));
    const failed = results.find((result) => result.status === "rejected");
    if (failed !== undefined) throw failed.reason;
  }

  private async publish(measured: Measured, load: Load, minute: number): Promise<void> {
    const { cluster, instance, server, writes } = measured;
    const ofCluster = { DBClusterIdentifier: cluster.id };
    const dimensions = [ofCluster, { ...ofCluster, Role: writes ? "WRITER" : "READER" }, { DBInstanceIdentifier: instance.id }];
    const put = (values: Values): void => {
      for (const [name, [value, unit]] of Object.entries(values)) {
        for (const each of dimensions)
          this.cloud.putMetric("AWS/RDS", name, each, value, { unit, at: minute, region: cluster.region });
      }
    };
    try {
      const { connections, lagMs } = await this.ask(measured);
      put({ DatabaseConnections: [connections, "Count"] });
      if (lagMs !== undefined) {
        fleetOf(this.cloud).sawLag(instance, lagMs);
        put({ AuroraReplicaLag: [lagMs, "Milliseconds"] });
      }
      if (connections > 0) this.idleSince.delete(serverName(instance));
    } finally {
      put(this.machineOf(cluster, instance, server, load.seconds));
    }
  }

  /** The processor, the memory and, of a serverless instance, the capacity. */
  private machineOf(cluster: Resource, instance: Resource, server: ProcessLoad, seconds: number): Values {
    const range = rangeOf(cluster, instance);
    const type = text(instance.outputs, "instanceClass").replace(/^db\./, "");
    const memoryGib = range === undefined ? memoryGibOf(type) : range.most * ACU_GIB;
    const free: Values = { FreeableMemory: [Math.max(0, memoryGib * GIB - server.memoryBytes), "Bytes"] };
    if (seconds === 0) return free;
    const processors = server.cpuSeconds / seconds;
    const available = range === undefined ? processorsOf(type) : range.most * ACU_PROCESSORS;
    // This machine may have more processors than the instance.
    const values: Values = { ...free, CPUUtilization: [Math.min(100, (100 * processors) / available), "Percent"] };
    if (range === undefined) return values;
    const { memoryBytes } = server;
    const capacity = capacityFor(range, { processors, memoryBytes, idleSeconds: this.idleSeconds(instance) });
    return {
      ...values,
      ServerlessDatabaseCapacity: [capacity, "Count"],
      ACUUtilization: [(100 * capacity) / range.most, "Percent"],
    };
  }

  private idleSeconds(instance: Resource): number {
    const since = this.idleSince.get(serverName(instance)) ?? this.cloud.now();
    this.idleSince.set(serverName(instance), since);
    return (this.cloud.now() - since) / 1000;
  }

  /** What only the server itself can tell. */
  private async ask({ cluster, instance, writes }: Measured): Promise<{ connections: number; lagMs?: number }> {
    const { servers } = fleetOf(this.cloud);
    const port = await fleetOf(this.cloud).portOf(instance);
    const asking = servers.administer(serverName(instance), port, async (client) => {
      // Not counted are sessions of the engine's own, and those of RDS.
      const { rows } = await client.query<{ count: number }>(
        "SELECT count(*)::int AS count FROM pg_stat_activity WHERE backend_type = 'client backend' AND usename <> $1",
        [ADMIN],
      );
      const connections = rows[0]?.count ?? 0;
      return writes ? { connections } : { connections, lagMs: await lagMsOf(client) };
    });
    return inTime(asking, `${cluster.id} did not tell its connections within ${String(ANSWER_MS / 1000)} s`);
  }
}

/** The capacity range of the cluster, if the instance is a serverless one. */
function rangeOf(cluster: Resource, instance: Resource): CapacityRange | undefined {
  const range = cluster.outputs["serverlessv2ScalingConfiguration"];
  if (instance.outputs["instanceClass"] !== "db.serverless" || !isProps(range)) return undefined;
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

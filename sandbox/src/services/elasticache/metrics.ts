import type { Cloud } from "../../core/cloud.ts";
import type { NodeState } from "../../plane/cache/cache-group.ts";
import { cachesOf } from "../../plane/cache/cache-groups.ts";
import type { Load } from "../../plane/process-load.ts";
import { cacheId } from "./caches.ts";
import { REPLICATION_GROUP } from "./types.ts";

const NAMESPACE = "AWS/ElastiCache";

/** Counters of `INFO`, which grow from the server's start on, by the metric that tells what they grew in a minute. */
const COUNTERS: Readonly<Record<string, string>> = {
  CacheHits: "keyspace_hits",
  CacheMisses: "keyspace_misses",
  Evictions: "evicted_keys",
  Reclaimed: "expired_keys",
};

/**
 * Publishes what the nodes of caches publish of themselves (ElastiCache user guide, "Metrics for Valkey and Redis OSS"), by `CacheClusterId`. What only a real
 * engine knows, hits and memory above all, is not published of the embedded one.
 */
export class CacheMetrics {
  private readonly cloud: Cloud;
  private readonly before = new Map<string, number>();

  constructor(cloud: Cloud) {
    this.cloud = cloud;
  }

  /** Publishes the minute that began at `minute`. */
  async collect(load: Load, minute: number): Promise<void> {
    for (const row of this.cloud.world.all(REPLICATION_GROUP)) {
      const group = cachesOf(this.cloud).get(cacheId(row));
      if (group === undefined) continue;
      const put = (node: string, name: string, value: number, unit: string): void => {
        for (const dimensions of [{ CacheClusterId: node }, { CacheClusterId: node, CacheNodeId: "0001" }])
          this.cloud.putMetric(NAMESPACE, name, dimensions, value, { unit, at: minute, region: row.region });
      };
      const nodes = await group.nodes();
      const [primary, reader] = group.traffic();
      for (const node of nodes) {
        this.ofNode(node, put);
        const process = load.processes.get(node.process);
        // A server works on one processor.
        if (process !== undefined && load.seconds > 0)
          put(node.name, "EngineCPUUtilization", Math.min(100, (100 * process.cpuSeconds) / load.seconds), "Percent");
      }
      const first = nodes.find(({ isPrimary }) => isPrimary);
      if (first === undefined || primary === undefined) continue;
      // Of the embedded engine the endpoints know who is connected; a real one tells by itself.
      if (first.info === undefined) put(first.name, "CurrConnections", primary.connections + (reader?.connections ?? 0), "Count");
      put(first.name, "NewConnections", primary.opened, "Count");
      put(first.name, "NetworkBytesIn", primary.bytesIn, "Bytes");
      put(first.name, "NetworkBytesOut", primary.bytesOut, "Bytes");
    }
  }

  private ofNode(
    { info, isPrimary, name }: NodeState,
    put: (node: string, name: string, value: number, unit: string) => void,
  ): void {
    if (info === undefined) return;
    const number = (field: string): number => Number(info.get(field) ?? 0);
    for (const [metric, field] of Object.entries(COUNTERS)) {
      const key = `${name} ${metric}`;
      const before = this.before.get(key) ?? 0;
      const now = number(field);
      // A server that was started again counts from nothing.
      put(name, metric, now < before ? now : now - before, "Count");
      this.before.set(key, now);
    }
    // The sandbox's own look at it is a connection, too; and a replica's.
    put(name, "CurrConnections", Math.max(0, number("connected_clients") - 1), "Count");
    put(name, "CurrItems", itemsIn(info), "Count");
    put(name, "BytesUsedForCache", number("used_memory"), "Bytes");
    const most = number("maxmemory");
    if (most > 0) put(name, "DatabaseMemoryUsagePercentage", (100 * number("used_memory")) / most, "Percent");
    if (!isPrimary) put(name, "ReplicationLag", Math.max(0, number("master_last_io_seconds_ago")), "Seconds");
    put(name, "IsMaster", isPrimary ? 1 : 0, "Count");
  }
}

/** The keys of all databases: `db0:keys=3,expires=0,...`. */
function itemsIn(info: ReadonlyMap<string, string>): number {
  return [...info].reduce(
    (sum, [field, value]) => sum + (/^db\d+$/.test(field) ? Number(/keys=(\d+)/.exec(value)?.[1] ?? 0) : 0),
    0,
  );
}

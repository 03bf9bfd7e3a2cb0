import { collectDefaultMetrics, Counter, Gauge, Registry } from "prom-client";
import type { Database } from "./database/database.ts";

/** A registry with the process's own metrics and those of the database's pools. */
export function createMetrics(database: Database): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  new Gauge({
    name: "database_pool_connections",
    help: "Connections of a pool: open, idle, and requests that wait for one.",
    labelNames: ["endpoint", "state"],
    registers: [registry],
    collect() {
      const pools = { writer: database.state(), reader: database.replicaState() };
      for (const [endpoint, pool] of Object.entries(pools)) {
        if (pool === undefined) continue;
        this.set({ endpoint, state: "open" }, pool.total);
        this.set({ endpoint, state: "idle" }, pool.idle);
        this.set({ endpoint, state: "waiting" }, pool.waiting);
      }
    },
  });
  if (database.hasReplicas) observeReplicas(registry, database);
  return registry;
}

function observeReplicas(registry: Registry, database: Database): void {
  new Gauge({
    name: "database_replica_lag_seconds",
    help: "How far the replicas are behind the writer; absent while they cannot be reached.",
    registers: [registry],
    collect() {
      const lagMs = database.replicaState()?.lagMs;
      if (lagMs === undefined) this.remove();
      else this.set(lagMs / 1000);
    },
  });
  new Gauge({
    name: "database_replica_read",
    help: "1 while replicas are read from, 0 while they are left out: too far behind, or away.",
    registers: [registry],
    collect() {
      this.set(database.replicaState()?.isNear === true ? 1 : 0);
    },
  });
  new Counter({
    name: "database_replica_statements_total",
    help: "Statements that replicas have answered.",
    registers: [registry],
    collect() {
      this.reset();
      this.inc(database.replicaState()?.answered ?? 0);
    },
  });
}

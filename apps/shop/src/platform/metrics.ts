import { collectDefaultMetrics, Gauge, Registry } from "prom-client";
import type { Database } from "./database/database.ts";

/** A registry with the process's own metrics and those of the database's pool. */
export function createMetrics(database: Database): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  new Gauge({
    name: "database_pool_connections",
    help: "Connections of the pool: open, idle, and requests that wait for one.",
    labelNames: ["state"],
    registers: [registry],
    collect() {
      const { total, idle, waiting } = database.state();
      this.set({ state: "open" }, total);
      this.set({ state: "idle" }, idle);
      this.set({ state: "waiting" }, waiting);
    },
  });
  return registry;
}

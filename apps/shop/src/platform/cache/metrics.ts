import { Counter, Gauge, Histogram, type Registry } from "prom-client";

/** Where the answer to a read came from: this process, the shared cache, either of them though its time was over, or where the value comes from. */
export type Source = "near" | "shared" | "stale" | "loaded";

/** What the cache counts. */
export interface CacheMetrics {
  read(cache: string, source: Source): void;
  operation(operation: string, result: string, seconds: number): void;
}

/** What the gauges show. */
export interface CacheState {
  /** Values in this process. */
  readonly entries: number;
  /** Whether the shared cache is left alone; undefined without one. */
  readonly circuitOpen: boolean | undefined;
}

/** Counts reads and the shared cache's answers. The hit ratio is everything but `loaded` over everything. */
export function observeCache(registry: Registry, state: () => CacheState): CacheMetrics {
  const reads = new Counter({
    name: "cache_reads_total",
    help: "Reads through the cache, by where the answer came from: near (this process), shared, stale (either, past its time) or loaded.",
    labelNames: ["cache", "source"],
    registers: [registry],
  });
  const operations = new Histogram({
    name: "cache_operation_duration_seconds",
    help: "Calls to the shared cache, and how they ended: ok, error, timeout, or refused without a call because it did not answer before.",
    labelNames: ["operation", "result"],
    buckets: [0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1],
    registers: [registry],
  });
  new Gauge({
    name: "cache_entries",
    help: "Values that this process keeps.",
    registers: [registry],
    collect() {
      this.set(state().entries);
    },
  });
  new Gauge({
    name: "cache_circuit_open",
    help: "1 while the shared cache is left alone because it does not answer; absent without one.",
    registers: [registry],
    collect() {
      this.reset();
      const { circuitOpen } = state();
      if (circuitOpen === undefined) this.remove();
      else this.set(circuitOpen ? 1 : 0);
    },
  });
  return {
    read: (cache, source) => reads.inc({ cache, source }),
    operation: (operation, result, seconds) => operations.observe({ operation, result }, seconds),
  };
}

import { Gauge, Histogram, type Registry } from "prom-client";
import { remembered } from "../../platform/remembered.ts";
import type { Ending } from "./attempt.ts";
import type { JobStore } from "./store.ts";

const SAME_READING_MS = 500;

/** Hears of every attempt's end, for {@link observeJobs}. */
export type ObserveEnd = (kind: string, ending: Ending, seconds: number) => void;

/** Counts attempts, and asks the table how much there is to do whenever somebody reads the metrics. */
export function observeJobs(registry: Registry, store: JobStore): ObserveEnd {
  const durations = new Histogram({
    name: "job_attempt_duration_seconds",
    help: "How long attempts at jobs took in this process, and how they ended: done, retry, dead, released or lost.",
    labelNames: ["kind", "ending"],
    buckets: [0.01, 0.05, 0.25, 1, 5, 15, 60, 300],
    registers: [registry],
  });
  // Both gauges of one reading. Without the database the other metrics are all the more wanted.
  const counts = remembered(SAME_READING_MS, () => store.counts().catch(() => undefined));
  new Gauge({
    name: "jobs",
    help: "Jobs that wait, run, and were set aside (dead). Every process tells the same: take the maximum.",
    labelNames: ["state"],
    registers: [registry],
    async collect() {
      this.reset();
      const now = await counts();
      if (now !== undefined) for (const state of ["waiting", "running", "dead"] as const) this.set({ state }, now[state]);
    },
  });
  new Gauge({
    name: "jobs_late_seconds",
    help: "How long the job that is due longest has been due. Every process tells the same: take the maximum.",
    registers: [registry],
    async collect() {
      this.remove();
      const now = await counts();
      if (now !== undefined) this.set(now.lateSeconds);
    },
  });
  return (kind, ending, seconds) => durations.observe({ kind, ending }, seconds);
}

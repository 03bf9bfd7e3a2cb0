import { z } from "zod";
import {
  createJobs,
  type JobKind,
  type JobRun,
  type Jobs,
  JobStore,
  work,
} from "../../../../apps/shop/src/modules/jobs/index.ts";
import { Bell } from "../../../../apps/shop/src/platform/bell.ts";
import type { Database } from "../../../../apps/shop/src/platform/database/database.ts";
import { silentLog } from "./logs.ts";
import { databaseAt, query } from "./postgres.ts";

/** Takes any input; does what the test says. */
export function kindOf(
  name: string,
  run: (input: unknown, run: JobRun) => Promise<void> | void,
  more: Partial<JobKind> = {},
): JobKind {
  return { name, input: z.unknown(), run: async (input, attempt) => run(input, attempt), ...more };
}

/** The jobs of one database, and workers on them. */
export interface Workplace {
  readonly jobs: Jobs;
  readonly store: JobStore;
  readonly database: Database;
  /** Starts a worker; returns what stops it and waits for it. */
  start(kinds: readonly JobKind[], options?: Partial<Parameters<typeof work>[0]>): () => Promise<void>;
  /** The row of a job. */
  row(id: string): Promise<Record<string, unknown>>;
  /** Makes what is to happen later happen now: pauses are over, leases have ended. */
  letTimePass(): Promise<void>;
  close(): Promise<void>;
}

/** Opens a workplace; close it when done. */
export function workplaceAt(url: string): Workplace {
  const database = databaseAt(url);
  const store = new JobStore(database);
  const bell = new Bell();
  const stops = new Set<() => Promise<void>>();
  return {
    jobs: createJobs(store, bell),
    store,
    database,
    start(kinds, options = {}) {
      const control = new AbortController();
      const working = work(
        { store, kinds, bell, log: silentLog, atOnce: 2, pollMs: 10, retry: { firstMs: 0, mostMs: 0 }, ...options },
        control.signal,
      );
      const stop = async (): Promise<void> => {
        control.abort();
        stops.delete(stop);
        await working;
      };
      stops.add(stop);
      return stop;
    },
    row: async (id) => (await query(url, "SELECT * FROM jobs.jobs WHERE id = $1", [id]))[0] ?? {},
    async letTimePass() {
      await query(url, "UPDATE jobs.jobs SET due_at = now() WHERE state IN ('waiting', 'running')");
    },
    async close() {
      await Promise.all([...stops].map((stop) => stop()));
      await database.close();
    },
  };
}

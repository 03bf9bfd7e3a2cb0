import { randomUUID } from "node:crypto";
import type { Bell } from "../../platform/bell.ts";
import type { Claimed } from "./store.ts";
import { UnderWay, type UnderWayNeeds } from "./under-way.ts";

/** How a worker goes about it. */
export interface WorkerOptions {
  /** Attempts under way at a time; 0 works on nothing. */
  readonly atOnce: number;
  /** How long a job stays with a worker that says nothing any more. @default 30000 */
  readonly leaseMs?: number;
  /** Between two questions for jobs that another process has added. @default 1000 */
  readonly pollMs?: number;
  /** How long attempts may go on after the signal, before they are cut off and given back. @default 5000 */
  readonly graceMs?: number;
}

/** What a worker is made with. */
export interface WorkerNeeds extends Omit<UnderWayNeeds, "leaseMs">, WorkerOptions {
  /** Rings when this process has added a job. */
  readonly bell: Bell;
}

/**
 * Works on jobs of these kinds until the signal; then lets those under way come to their end, for a while. Kinds that it does not know it leaves to others: during a
 * deployment there are processes of two versions.
 */
export async function work(needs: WorkerNeeds, signal: AbortSignal): Promise<void> {
  const { atOnce, leaseMs = 30_000, pollMs = 1_000, graceMs = 5_000, bell, log } = needs;
  if (atOnce === 0) return;
  const underWay = new UnderWay({ ...needs, leaseMs });
  const renewal = setInterval(() => void underWay.renew(), leaseMs / 3);
  try {
    while (!signal.aborted) {
      const free = atOnce - underWay.size;
      const claimed =
        free === 0
          ? []
          : await claim(needs, free, leaseMs).catch((error: unknown) => (log.error(error, { worker: "claim" }), []));
      for (const job of claimed) void underWay.run(job).then(() => bell.ring());
      if (claimed.length < free || free === 0) await bell.wait(pollMs, signal);
    }
    await underWay.stop(graceMs);
  } finally {
    clearInterval(renewal);
  }
}

async function claim({ store, kinds, log }: WorkerNeeds, limit: number, leaseMs: number): Promise<readonly Claimed[]> {
  const names = kinds.map(({ name }) => name);
  const { begun, dead } = await store.claim(names, limit, randomUUID(), leaseMs);
  for (const { id, kind, attempts } of dead)
    log.error(new Error("every attempt at the job ended with its process"), { job: id, kind, attempt: attempts, ending: "dead" });
  return begun;
}

import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { Bell } from "../../platform/bell.ts";
import { type Attempt, type AttemptNeeds, begin, type Ending, LeaseLostError, StoppingError } from "./attempt.ts";
import { type JobKind, usualRetry } from "./kinds.ts";
import type { Claimed } from "./store.ts";

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
export interface WorkerNeeds extends Omit<AttemptNeeds, "retry">, WorkerOptions {
  readonly kinds: readonly JobKind[];
  /** Rings when this process has added a job. */
  readonly bell: Bell;
  /** @default - see kinds.ts */
  readonly retry?: AttemptNeeds["retry"];
  /** Hears how each attempt ended. */
  readonly onEnd?: (kind: string, ending: Ending, seconds: number) => void;
}

/**
 * Works on jobs of these kinds until the signal; then lets those under way come to their end, for a while. Kinds that it does not know it leaves to others: during a
 * deployment there are processes of two versions.
 */
export async function work(needs: WorkerNeeds, signal: AbortSignal): Promise<void> {
  const { atOnce, leaseMs = 30_000, pollMs = 1_000, graceMs = 5_000, bell, log } = needs;
  if (atOnce === 0) return;
  const running = new Set<Attempt>();
  const renewal = setInterval(() => void renew(needs, running, leaseMs), leaseMs / 3);
  try {
    while (!signal.aborted) {
      const free = atOnce - running.size;
      const claimed =
        free === 0
          ? []
          : await claim(needs, free, leaseMs).catch((error: unknown) => (log.error(error, { worker: "claim" }), []));
      for (const job of claimed) start(needs, job, running);
      if (claimed.length < free || free === 0) await bell.wait(pollMs, signal);
    }
    await Promise.race([delay(graceMs, undefined, { ref: false }), endings(running)]);
    for (const attempt of running) attempt.cut(new StoppingError("the process ends"));
    await endings(running);
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

function start(needs: WorkerNeeds, job: Claimed, running: Set<Attempt>): void {
  const kind = needs.kinds.find(({ name }) => name === job.kind);
  if (kind === undefined) throw new Error(`claimed a job of the unknown kind ${job.kind}`);
  const started = performance.now();
  const attempt = begin({ ...needs, retry: needs.retry ?? usualRetry }, kind, job);
  running.add(attempt);
  void attempt.ending.then((ending) => {
    running.delete(attempt);
    needs.onEnd?.(job.kind, ending, (performance.now() - started) / 1000);
    needs.bell.ring();
  });
}

async function renew({ store, log }: WorkerNeeds, running: ReadonlySet<Attempt>, leaseMs: number): Promise<void> {
  const attempts = [...running];
  if (attempts.length === 0) return;
  try {
    const held = await store.renew(
      attempts.map(({ job }) => job),
      leaseMs,
    );
    for (const { job, cut } of attempts) if (!held.has(job.id)) cut(new LeaseLostError("somebody else has the job"));
  } catch (error) {
    log.error(error, { worker: "renew" });
  }
}

function endings(running: ReadonlySet<Attempt>): Promise<unknown> {
  return Promise.all([...running].map(({ ending }) => ending));
}

import { setTimeout as delay } from "node:timers/promises";
import { type Attempt, type AttemptNeeds, begin, type Ending, LeaseLostError, StoppingError } from "./attempt.ts";
import { type JobKind, usualRetry } from "./kinds.ts";
import type { Claimed } from "./store.ts";

/** What attempts of one worker need. */
export interface UnderWayNeeds extends Omit<AttemptNeeds, "retry"> {
  readonly kinds: readonly JobKind[];
  /** @default - see kinds.ts */
  readonly retry?: AttemptNeeds["retry"];
  /** How long a job stays with a worker that says nothing any more. */
  readonly leaseMs: number;
  /** Hears how each attempt ended. */
  readonly onEnd?: ((kind: string, ending: Ending, seconds: number) => void) | undefined;
}

/** The attempts of one worker that are under way. */
export class UnderWay {
  readonly #needs: UnderWayNeeds;
  readonly #running = new Set<Attempt>();

  constructor(needs: UnderWayNeeds) {
    this.#needs = needs;
  }

  get size(): number {
    return this.#running.size;
  }

  /** Begins an attempt. Resolves when it has ended, with how. */
  async run(job: Claimed): Promise<Ending> {
    const { kinds, retry = usualRetry, onEnd } = this.#needs;
    const kind = kinds.find(({ name }) => name === job.kind);
    if (kind === undefined) throw new Error(`claimed a job of the unknown kind ${job.kind}`);
    const started = performance.now();
    const attempt = begin({ ...this.#needs, retry }, kind, job);
    this.#running.add(attempt);
    const ending = await attempt.ending;
    this.#running.delete(attempt);
    onEnd?.(job.kind, ending, (performance.now() - started) / 1000);
    return ending;
  }

  /** Prolongs the leases, and cuts off attempts that have lost theirs. Returns the ids of the jobs that are still held. */
  async renew(): Promise<ReadonlySet<string>> {
    const { store, log, leaseMs } = this.#needs;
    const attempts = [...this.#running];
    if (attempts.length === 0) return new Set();
    try {
      const jobs = attempts.map(({ job }) => job);
      const held = await store.renew(jobs, leaseMs);
      for (const { job, cut } of attempts) if (!held.has(job.id)) cut(new LeaseLostError("somebody else has the job"));
      return held;
    } catch (error) {
      log.error(error, { worker: "renew" });
      return new Set();
    }
  }

  /** Lets attempts come to their end for so long; cuts off and gives back those that do not. */
  async stop(graceMs: number): Promise<void> {
    await Promise.race([delay(graceMs, undefined, { ref: false }), this.#endings()]);
    for (const attempt of this.#running) attempt.cut(new StoppingError("the process ends"));
    await this.#endings();
  }

  #endings(): Promise<unknown> {
    return Promise.all([...this.#running].map(({ ending }) => ending));
  }
}

import type { Log } from "../../platform/log.ts";
import { inSpan } from "../../platform/tracing/spans.ts";
import { type JobKind, NonRetryableError, type RetryPolicy, retryPauseMs, USUAL_SECONDS } from "./kinds.ts";
import type { Claimed, JobStore } from "./store.ts";

/** How an attempt ended: well; badly, with another one to come; badly for good; given back because the process ends; or unheard, because somebody else has the job. */
export type Ending = "done" | "retry" | "dead" | "released" | "lost";

/** The process ends before the attempt does. */
export class StoppingError extends Error {}
/** Somebody else has the job by now. */
export class LeaseLostError extends Error {}

/** One attempt under way in this process. */
export interface Attempt {
  readonly job: Claimed;
  /** Cuts it off. */
  readonly cut: (reason: Error) => void;
  /** How it ended. Never rejects. */
  readonly ending: Promise<Ending>;
}

/** What attempts are made with. */
export interface AttemptNeeds {
  readonly store: JobStore;
  readonly log: Log;
  readonly retry: RetryPolicy;
}

/** Begins to do a job, and writes down how it ended. */
export function begin(needs: AttemptNeeds, kind: JobKind, job: Claimed): Attempt {
  const control = new AbortController();
  const about = { kind: "consumer", attributes: { "job.id": job.id, "job.attempt": job.attempts } } as const;
  const ending = inSpan(`job ${job.kind}`, about, () => attempt(needs, kind, job, control));
  return { job, cut: (reason) => control.abort(reason), ending };
}

async function attempt(
  { store, log, retry }: AttemptNeeds,
  kind: JobKind,
  job: Claimed,
  control: AbortController,
): Promise<Ending> {
  const { seconds = USUAL_SECONDS } = kind;
  const started = performance.now();
  const timer = setTimeout(() => control.abort(new Error(`The attempt took longer than ${seconds} s.`)), seconds * 1000);
  let error: unknown;
  let ending: Ending;
  try {
    error = await failureOf(() => run(store, kind, job, control.signal), control.signal);
    ending = await writeDown(store, retry, job, error);
  } catch (unwritten) {
    // The database is away: the lease ends by itself, and the next attempt finds what this one has done.
    log.error(unwritten, { job: job.id, kind: job.kind });
    ending = "lost";
  } finally {
    clearTimeout(timer);
  }
  const fields = { job: job.id, kind: job.kind, attempt: job.attempts, ending, ms: Math.round(performance.now() - started) };
  if (ending === "dead") log.error(error, fields);
  else
    log.write(
      ending === "retry" ? "warn" : "info",
      "job",
      ending === "retry" ? { ...fields, message: messageOf(error) } : fields,
    );
  return ending;
}

async function run(store: JobStore, kind: JobKind, job: Claimed, signal: AbortSignal): Promise<void> {
  const input = kind.input.safeParse(job.input);
  if (!input.success) throw new NonRetryableError("The input is not what this kind of job takes.", { cause: input.error });
  await kind.run(input.data, {
    id: job.id,
    userId: job.userId ?? undefined,
    attempt: job.attempts,
    signal,
    async progress(percent, note = "") {
      signal.throwIfAborted();
      const whole = Math.max(0, Math.min(100, Math.floor(percent)));
      if (!(await store.progress(job, whole, note))) throw new LeaseLostError("somebody else has the job");
    },
  });
}

/** What went wrong; undefined if nothing did. A handler that does not heed the signal is not waited for. */
async function failureOf(work: () => Promise<void>, signal: AbortSignal): Promise<unknown> {
  const { promise: cut, reject } = Promise.withResolvers<never>();
  const onAbort = (): void => reject(signal.reason as Error);
  signal.addEventListener("abort", onAbort);
  try {
    await Promise.race([work(), cut]);
    return undefined;
  } catch (error) {
    return signal.aborted ? signal.reason : (error ?? new Error("the handler threw nothing"));
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}

async function writeDown(store: JobStore, retry: RetryPolicy, job: Claimed, error: unknown): Promise<Ending> {
  if (error === undefined) return (await store.finish(job)) ? "done" : "lost";
  if (error instanceof LeaseLostError) return "lost";
  if (error instanceof StoppingError) return (await store.release(job)) ? "released" : "lost";
  const pauseMs = error instanceof NonRetryableError ? undefined : retryPauseMs(job.attempts, retry);
  const state = await store.fail(job, messageOf(error), pauseMs);
  if (state === undefined) return "lost";
  return state === "dead" ? "dead" : "retry";
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

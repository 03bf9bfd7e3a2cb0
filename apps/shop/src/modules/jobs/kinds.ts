import type { z } from "zod";

/** One attempt at a job, as its handler sees it. */
export interface JobRun {
  readonly id: string;
  /** Whose job it is; undefined for the product's own. */
  readonly userId: string | undefined;
  /** 1 for the first. */
  readonly attempt: number;
  /** Aborted when the attempt is over for others: its time is up, its lease is lost, or the process ends. */
  readonly signal: AbortSignal;
  /** Tells people how far it is: whole percent, and a few words. @throws Error when the lease is lost */
  readonly progress: (percent: number, note?: string) => Promise<void>;
}

/** A kind of job and what is done for it. */
export interface JobKind<Input = unknown> {
  /** Names it in the table, the log and the metrics: words of small letters, joined by hyphens. Never changed while jobs of it may be there. */
  readonly name: string;
  readonly input: z.ZodType<Input>;
  /** Attempts before it is set aside for an operator to look at. @default 12 */
  readonly attempts?: number;
  /** The longest that one attempt may take. @default 300 */
  readonly seconds?: number;
  /** One job in each such span of time, however many processes there are; its input is `{}`. @default - only jobs that somebody adds */
  readonly everyMinutes?: number;
  /**
   * Does it. An attempt may be cut off at any point and another one begin, even while the first is not quite over: what was done already must do no harm when
   * it is done again.
   *
   * @throws NonRetryableError when no other attempt can go better, any other error when it may
   */
  run(input: Input, run: JobRun): Promise<void>;
}

export const USUAL_ATTEMPTS = 12;
export const USUAL_SECONDS = 300;

/** No other attempt can go better: the job is set aside at once. */
export class NonRetryableError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "NonRetryableError";
  }
}

/** How long to wait after an attempt that failed. */
export interface RetryPolicy {
  /** The most after the first attempt, in milliseconds; each next bound is twice as long. */
  readonly firstMs: number;
  /** The largest bound, in milliseconds. */
  readonly mostMs: number;
}

/** Twelve attempts span about twelve minutes on average: an outage of a provider for that long sets nothing aside. */
export const usualRetry: RetryPolicy = { firstMs: 2_000, mostMs: 5 * 60_000 };

/**
 * The pause after the attempt with this number, in whole milliseconds: anything up to a bound that doubles each time ("full jitter"), which spreads jobs that failed
 * together better than any fixed part would (aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter).
 */
export function retryPauseMs(attempt: number, { firstMs, mostMs }: RetryPolicy, random: () => number = Math.random): number {
  return Math.floor(random() * Math.min(mostMs, firstMs * 2 ** (attempt - 1)));
}

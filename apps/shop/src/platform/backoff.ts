import { setTimeout as delay } from "node:timers/promises";

/** How patiently something is tried again. */
export interface Patience {
  /** The first pause, in milliseconds; each next one is twice as long. */
  readonly firstMs: number;
  /** The longest pause, in milliseconds. */
  readonly mostMs: number;
  /** No new attempt begins this many milliseconds after the first one began. */
  readonly totalMs: number;
  /** Whether this error is worth another attempt. @default - every error is */
  readonly retriable?: (error: unknown) => boolean;
  /** Hears of each failure that is followed by another attempt. */
  readonly onRetry?: (error: unknown, pauseMs: number) => void;
  /** Ends the waiting early. */
  readonly signal?: AbortSignal;
}

/**
 * Runs `work` until it succeeds or the patience ends; then its last error is thrown. The pauses are drawn at random between half their bound and the bound ("equal jitter"),
 * so that many processes that lost the same server do not come back in step (aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter).
 */
export async function withBackoff<T>(work: () => Promise<T>, patience: Patience): Promise<T> {
  const { firstMs, mostMs, totalMs, retriable = () => true, onRetry, signal } = patience;
  const deadline = performance.now() + totalMs;
  for (let bound = firstMs; ; bound = Math.min(bound * 2, mostMs)) {
    try {
      return await work();
    } catch (error) {
      const pause = Math.ceil(bound / 2 + Math.random() * (bound / 2));
      if (!retriable(error) || performance.now() + pause > deadline) throw error;
      onRetry?.(error, pause);
      await delay(pause, undefined, signal === undefined ? {} : { signal });
    }
  }
}

import { setTimeout as pause } from "node:timers/promises";

/** What people would have met while a watch ran. */
export interface Seen {
  readonly requests: number;
  readonly failed: number;
  /** The latency that one request in twenty exceeded, in ms; NaN without requests. */
  readonly p95Ms: number;
  /** The longest stretch from a failed request to the next answered one, in ms. */
  readonly longestOutageMs: number;
  /** What went wrong, each once, with how often. */
  readonly faults: Readonly<Record<string, number>>;
}

export interface WatchOptions {
  /** Where to ask; looked up anew for each request, because a move may change it. */
  readonly url: () => Promise<string>;
  /** @default 100 */
  readonly everyMs?: number;
  /** A request that takes longer counts as failed. @default 10 000 */
  readonly timeoutMs?: number;
}

/** Asks the product again and again, as a person would, and counts what fails. */
export class Watch {
  readonly #options: WatchOptions;
  readonly #stop = new AbortController();
  readonly #latencies: number[] = [];
  readonly #faults: Record<string, number> = {};
  #failedSince: number | undefined;
  #longestOutageMs = 0;
  #running: Promise<void> = Promise.resolve();

  constructor(options: WatchOptions) {
    this.#options = options;
  }

  start(): this {
    this.#running = this.#run();
    return this;
  }

  /** Ends after the request that is under way. */
  async stop(): Promise<Seen> {
    this.#stop.abort();
    await this.#running;
    return this.seen();
  }

  /** What was met so far. */
  seen(): Seen {
    const failed = Object.values(this.#faults).reduce((sum, count) => sum + count, 0);
    const sorted = [...this.#latencies].sort((left, right) => left - right);
    return {
      requests: sorted.length + failed,
      failed,
      p95Ms: sorted[Math.ceil(sorted.length * 0.95) - 1] ?? Number.NaN,
      longestOutageMs: this.#longestOutageMs,
      faults: this.#faults,
    };
  }

  async #run(): Promise<void> {
    const { everyMs = 100 } = this.#options;
    while (!this.#stop.signal.aborted) {
      await this.#ask();
      await pause(everyMs, undefined, { signal: this.#stop.signal }).catch(() => undefined);
    }
  }

  async #ask(): Promise<void> {
    const began = performance.now();
    const fault = await this.#fault();
    const now = performance.now();
    if (fault === undefined) {
      this.#latencies.push(now - began);
      this.#failedSince = undefined;
      return;
    }
    this.#faults[fault] = (this.#faults[fault] ?? 0) + 1;
    this.#failedSince ??= began;
    this.#longestOutageMs = Math.max(this.#longestOutageMs, now - this.#failedSince);
  }

  /** What is wrong with an answer; undefined for a good one. */
  async #fault(): Promise<string | undefined> {
    try {
      const signal = AbortSignal.timeout(this.#options.timeoutMs ?? 10_000);
      // A connection of its own: one that is kept open would hide that new people find nobody.
      const response = await fetch(await this.#options.url(), { signal, headers: { connection: "close" } });
      await response.arrayBuffer();
      return response.ok ? undefined : `HTTP ${response.status}`;
    } catch (error) {
      return causeOf(error);
    }
  }
}

function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  return cause instanceof Error ? ((cause as NodeJS.ErrnoException).code ?? cause.message) : error.message;
}

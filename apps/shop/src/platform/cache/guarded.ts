import { type Circuit, CircuitOpenError } from "../circuit.ts";
import { inSpan } from "../tracing/spans.ts";
import type { CacheMetrics } from "./metrics.ts";
import type { Held, RemoteCache } from "./remote.ts";

/** Thrown inside when the cache does not answer in time. */
class CacheTimeoutError extends Error {}

/** What guards a remote cache. */
export interface GuardedNeeds {
  readonly remote: RemoteCache;
  readonly circuit: Circuit;
  readonly metrics: CacheMetrics;
  /** How long an answer may take, in milliseconds. Far less than what it saves. */
  readonly answerMs: number;
  /** Called before each call; throws while the cache is not to answer. @default - it always is */
  readonly mayFail?: () => void;
}

const ABOUT = { kind: "client", attributes: { "db.system.name": "redis" } } as const;

/** Answers instead of the cache where it has none. */
const UNHEARD = Symbol("unheard");

/** A remote cache that never throws and is never waited for long: one that is away or slow looks like one that holds nothing. */
export class Guarded {
  readonly #needs: GuardedNeeds;

  constructor(needs: GuardedNeeds) {
    this.#needs = needs;
  }

  /** Undefined when nothing is held or nobody answers. */
  async get(key: string): Promise<Held | undefined> {
    const held = await this.#ask("get", (remote) => remote.get(key));
    return held === UNHEARD ? undefined : held;
  }

  /** `"away"` when nobody answers: then there is nobody to keep the value either. */
  async lease(key: string, token: string, ms: number): Promise<"mine" | "others" | "away"> {
    const leased = await this.#ask("lease", (remote) => remote.lease(key, token, ms));
    if (leased === UNHEARD) return "away";
    return leased ? "mine" : "others";
  }

  async store(key: string, token: string, text: string, ms: number): Promise<void> {
    await this.#ask("store", (remote) => remote.store(key, token, text, ms));
  }

  async release(key: string, token: string): Promise<void> {
    await this.#ask("release", (remote) => remote.release(key, token));
  }

  async remove(keys: readonly string[]): Promise<void> {
    await this.#ask("remove", (remote) => remote.remove(keys));
  }

  close(): void {
    this.#needs.remote.close();
  }

  async #ask<T>(operation: string, call: (remote: RemoteCache) => Promise<T>): Promise<T | typeof UNHEARD> {
    const { remote, circuit, metrics, answerMs, mayFail } = this.#needs;
    const started = performance.now();
    const observe = (result: string): void => metrics.operation(operation, result, (performance.now() - started) / 1000);
    try {
      const answer = await inSpan(`cache ${operation}`, ABOUT, () =>
        circuit.run(async () => {
          mayFail?.();
          return inTime(call(remote), answerMs);
        }),
      );
      observe("ok");
      return answer;
    } catch (error) {
      observe(error instanceof CircuitOpenError ? "refused" : error instanceof CacheTimeoutError ? "timeout" : "error");
      return UNHEARD;
    }
  }
}

async function inTime<T>(answer: Promise<T>, ms: number): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new CacheTimeoutError(`no answer within ${ms} ms`)), ms);
  try {
    return await Promise.race([answer, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

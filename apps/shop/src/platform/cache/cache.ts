import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { LRUCache } from "lru-cache";
import type { Guarded } from "./guarded.ts";
import type { CacheMetrics } from "./metrics.ts";

/** A kind of values that are kept alike. The values are plain JSON, and whoever reads one leaves it as it is: others read the same. */
export interface CacheKind {
  /** Begins their keys and names them in the metrics. Ends with a version when their shape changes, such as `product.2`. */
  readonly name: string;
  /** How long a value is given out without a question, in milliseconds. Up to a tenth less, drawn for each: values that were kept together then do not end together. */
  readonly freshMs: number;
  /** How long after that it is still given out, while one fetches the new one or when that fails. In milliseconds. */
  readonly staleMs: number;
}

/** What a {@link Cache} is made with. */
export interface CacheNeeds {
  /** The cache that the processes share. @default - each process keeps its own values */
  readonly shared?: Guarded;
  readonly metrics: CacheMetrics;
  /** Hears of a value that could not be fetched while the old one was given out. */
  readonly onStaleError: (error: unknown) => void;
  /** How long one waits for another process to fetch what is in nobody's cache, in milliseconds. @default 250 */
  readonly waitMs?: number;
  /** A clock in milliseconds that never goes back. @default performance.now */
  readonly now?: () => number;
}

/** There is no answer but the old value. */
const UNASKED = Symbol("unasked");

interface Near {
  readonly value: unknown;
  readonly freshUntil: number;
  readonly staleUntil: number;
}

/** A page of products takes some 10 kB. */
const MOST_NEAR = 1_000;
/** With a shared cache a process trusts its own copy this long: so long may it miss that another process has removed the value. */
const NEAR_MS = 1_000;
/** Longer than fetching takes; who died while fetching holds others up no longer than they wait. */
const LEASE_MS = 5_000;
/** Longer than most values take to be fetched. */
const WAIT_MS = 250;
/** How often one looks whether another process has fetched it. */
const LOOK_MS = 10;

/**
 * Gives out values that were fetched a moment ago. One process fetches a value once at a time, and of all processes one does; what was removed while it was being
 * fetched is not kept. Without the shared cache, or while it does not answer, each process keeps to itself: no read fails for the cache's sake.
 */
export class Cache {
  readonly #near = new LRUCache<string, Near>({ max: MOST_NEAR });
  readonly #flights = new Map<string, Promise<unknown>>();
  readonly #needs: CacheNeeds;
  readonly #now: () => number;

  constructor(needs: CacheNeeds) {
    this.#needs = needs;
    this.#now = needs.now ?? (() => performance.now());
  }

  /** How many values this process keeps. */
  get entries(): number {
    return this.#near.size;
  }

  /** The value under a key, which is fetched with `load` if it must be. A value that is undefined is given out and not kept. @throws what `load` throws when there is no old value to give out */
  async read<T>(kind: CacheKind, key: string, load: () => Promise<T>): Promise<T> {
    const { shared, metrics, onStaleError } = this.#needs;
    const id = idOf(kind, key);
    const near = this.#near.get(id);
    const now = this.#now();
    if (near !== undefined && now < near.freshUntil) {
      metrics.read(kind.name, "near");
      return near.value as T;
    }
    const underWay = this.#flights.get(id) as Promise<T> | undefined;
    const flight = underWay ?? this.#fly(kind, id, load);
    if (near === undefined || now >= near.staleUntil) return flight;
    // One tells of a failure, not all who read meanwhile.
    if (underWay === undefined) flight.catch(onStaleError);
    // With a shared cache another process may have removed it: that is asked first.
    const value = shared === undefined ? UNASKED : await flight.catch(() => UNASKED);
    if (value !== UNASKED) return value as T;
    metrics.read(kind.name, "stale");
    return near.value as T;
  }

  /** Has values fetched anew when they are next asked for: at once in this process, and in others when their own copy ends. */
  async forget(kind: CacheKind, keys: readonly string[]): Promise<void> {
    const ids = keys.map((key) => idOf(kind, key));
    for (const id of ids) {
      this.#near.delete(id);
      // What is on its way was perhaps read before the change.
      this.#flights.delete(id);
    }
    if (ids.length > 0) await this.#needs.shared?.remove(ids);
  }

  close(): void {
    this.#needs.shared?.close();
  }

  #fly<T>(kind: CacheKind, id: string, load: () => Promise<T>): Promise<T> {
    const keep = (value: unknown, freshMs: number): void => {
      if (this.#flights.get(id) !== flight || value === undefined) return;
      const freshUntil = this.#now() + freshMs;
      this.#near.set(id, { value, freshUntil, staleUntil: freshUntil + kind.staleMs });
    };
    const { shared } = this.#needs;
    const fetching = shared === undefined ? this.#alone(kind, load, keep) : this.#together(shared, kind, id, load, keep);
    const flight = fetching.finally(() => {
      if (this.#flights.get(id) === flight) this.#flights.delete(id);
    });
    this.#flights.set(id, flight);
    return flight;
  }

  async #alone<T>(kind: CacheKind, load: () => Promise<T>, keep: Keep): Promise<T> {
    const value = await this.#load(kind, load);
    keep(value, jittered(kind.freshMs));
    return value;
  }

  async #together<T>(shared: Guarded, kind: CacheKind, id: string, load: () => Promise<T>, keep: Keep): Promise<T> {
    const nearMs = Math.min(NEAR_MS, kind.freshMs);
    const deadline = this.#now() + (this.#needs.waitMs ?? WAIT_MS);
    for (;;) {
      const held = await shared.get(id);
      if (held !== undefined) {
        const value = JSON.parse(held.text) as T;
        const isFresh = held.keptMs > kind.staleMs;
        // Whoever gets the lease fetches the new one; nobody waits for it.
        if (!isFresh) this.#refresh(shared, kind, id, load);
        keep(value, nearMs);
        this.#needs.metrics.read(kind.name, isFresh ? "shared" : "stale");
        return value;
      }
      const token = randomUUID();
      const lease = await shared.lease(id, token, LEASE_MS);
      if (lease === "others" && this.#now() < deadline) {
        await delay(LOOK_MS);
        continue;
      }
      // Between the two questions the one before may have kept it and let go.
      if (lease === "mine" && (await shared.get(id)) !== undefined) {
        await shared.release(id, token);
        continue;
      }
      const value = lease === "mine" ? await this.#loadAndStore(shared, kind, id, token, load) : await this.#load(kind, load);
      keep(value, nearMs);
      return value;
    }
  }

  #refresh<T>(shared: Guarded, kind: CacheKind, id: string, load: () => Promise<T>): void {
    const token = randomUUID();
    const refresh = async (): Promise<void> => {
      if ((await shared.lease(id, token, LEASE_MS)) === "mine") await this.#loadAndStore(shared, kind, id, token, load);
    };
    refresh().catch(this.#needs.onStaleError);
  }

  async #loadAndStore<T>(shared: Guarded, kind: CacheKind, id: string, token: string, load: () => Promise<T>): Promise<T> {
    let value: T | undefined;
    try {
      value = await this.#load(kind, load);
      return value;
    } finally {
      // Not waited for: whoever asked has the value.
      if (value === undefined) void shared.release(id, token);
      else void shared.store(id, token, JSON.stringify(value), jittered(kind.freshMs) + kind.staleMs);
    }
  }

  #load<T>(kind: CacheKind, load: () => Promise<T>): Promise<T> {
    this.#needs.metrics.read(kind.name, "loaded");
    return load();
  }
}

type Keep = (value: unknown, freshMs: number) => void;

function idOf({ name }: CacheKind, key: string): string {
  return `${name}:${key}`;
}

function jittered(ms: number): number {
  return Math.round(ms * (0.9 + Math.random() / 10));
}

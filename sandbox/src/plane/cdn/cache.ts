import type { IncomingHttpHeaders } from "node:http";
import { LRUCache } from "lru-cache";
import type { Lifetime } from "./lifetime.ts";

/** An answer that is kept. Times are milliseconds since the epoch. */
export interface Entry {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** Path and query under which it is known, for invalidations. */
  readonly url: string;
  readonly stored: number;
  readonly freshUntil: number;
  readonly lifetime: Lifetime;
}

/** Bytes that a distribution's cache holds on this machine. */
const MOST_BYTES = 128 * 1024 * 1024;

/** What an edge keeps; the longest unused goes first. */
export class EdgeCache {
  private readonly entries = new LRUCache<string, Entry>({
    maxSize: MOST_BYTES,
    sizeCalculation: ({ body }) => body.length + 1024,
  });

  get(key: string): Entry | undefined {
    return this.entries.get(key);
  }

  set(key: string, entry: Entry): void {
    this.entries.set(key, entry);
  }

  delete(key: string): void {
    this.entries.delete(key);
  }

  /** Forgets what these paths name; a `*` at the end stands for any text. Says how many entries that were. */
  invalidate(paths: readonly string[]): number {
    const names = (url: string): boolean =>
      paths.some((path) => (path.endsWith("*") ? url.startsWith(path.slice(0, -1)) : url === path));
    const gone = [...this.entries.entries()].filter(([, { url }]) => names(url));
    for (const [key] of gone) this.entries.delete(key);
    return gone.length;
  }
}

/** Whether the entry is good without asking. */
export function isFresh({ freshUntil }: Entry, now: number): boolean {
  return now < freshUntil;
}

/** Whether it may be given out while it is fetched anew. */
export function mayRevalidate({ freshUntil, lifetime }: Entry, now: number): boolean {
  return now < freshUntil + lifetime.staleWhileRevalidate * 1000;
}

/**
 * Whether it may be given out while the origin fails. Where the origin said nothing, CloudFront does so, too (developer guide, "How CloudFront processes HTTP 4xx
 * and 5xx status codes").
 */
export function mayServeStale({ freshUntil, lifetime, status }: Entry, now: number): boolean {
  if (status >= 400) return false;
  return lifetime.staleIfError === undefined || now < freshUntil + lifetime.staleIfError * 1000;
}

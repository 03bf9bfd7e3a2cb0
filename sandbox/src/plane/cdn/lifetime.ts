import type { IncomingHttpHeaders } from "node:http";
import type { Caching } from "./plan.ts";

/** How long an answer is good for, in seconds from its arrival. */
export interface Lifetime {
  /** Undefined where it must not be kept. */
  readonly fresh: number | undefined;
  /** For so long after that it may be given out while it is fetched anew. */
  readonly staleWhileRevalidate: number;
  /** For so long after that it may be given out while the origin fails; undefined where nothing is said. */
  readonly staleIfError: number | undefined;
}

/** Statuses whose answers are kept. Source: CloudFront developer guide, "HTTP 3xx status codes" and "How CloudFront caches HTTP 4xx and 5xx status codes". */
const KEPT = [200, 203, 300, 301, 308, 410];
/** Kept only where the origin says for how long. */
const KEPT_IF_SAID = [302, 303, 307];
const ERRORS = [400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504];
const FOREVER = 365 * 24 * 60 * 60;

/**
 * How long an answer is kept: as its headers say, within the bounds of the cache policy. With a least time above 0 even `no-store` is kept for that long.
 * Source: CloudFront developer guide, "Manage how long content stays in the cache (expiration)".
 */
export function lifetimeOf(
  status: number,
  headers: IncomingHttpHeaders,
  { defaultTtl, maxTtl, minTtl }: Pick<Caching, "defaultTtl" | "maxTtl" | "minTtl">,
  errorTtl: number,
  now: number,
): Lifetime {
  const directives = directivesOf(headers);
  const stale = {
    staleWhileRevalidate: seconds(directives, "stale-while-revalidate") ?? 0,
    staleIfError: seconds(directives, "stale-if-error"),
  };
  const forbidden = ["no-store", "private"].some((name) => directives.has(name));
  const said = directives.has("no-cache") ? 0 : saidBy(directives, headers, now);
  if (ERRORS.includes(status)) return { ...stale, fresh: forbidden ? undefined : Math.max(errorTtl, said ?? 0) };
  const isKept = KEPT.includes(status) || (KEPT_IF_SAID.includes(status) && said !== undefined);
  if (!isKept) return { ...stale, fresh: undefined };
  if (forbidden) return { ...stale, fresh: minTtl > 0 ? minTtl : undefined };
  return { ...stale, fresh: Math.min(Math.max(said ?? defaultTtl, minTtl), Math.max(maxTtl, minTtl)) };
}

function saidBy(directives: ReadonlyMap<string, string>, headers: IncomingHttpHeaders, now: number): number | undefined {
  const age = seconds(directives, "s-maxage") ?? seconds(directives, "max-age");
  if (age !== undefined) return age;
  if (headers.expires === undefined) return undefined;
  const until = Date.parse(headers.expires);
  return Number.isNaN(until) ? 0 : Math.max(0, Math.floor((until - now) / 1000));
}

function directivesOf(headers: IncomingHttpHeaders): ReadonlyMap<string, string> {
  const parts = (headers["cache-control"] ?? "").split(",");
  return new Map(
    parts.map((part) => part.trim().split("=")).map(([name = "", value = ""]) => [name.toLowerCase(), value.replaceAll('"', "")]),
  );
}

function seconds(directives: ReadonlyMap<string, string>, name: string): number | undefined {
  const value = directives.get(name);
  return value === undefined || !/^\d+$/.test(value) ? undefined : Math.min(Number(value), FOREVER);
}

import { CloudError } from "../../core/definition.ts";
import type { S3Target } from "./call.ts";

/** Something under a key; several may share one (versions, uploads), in their own order. */
export interface Entry {
  readonly key: string;
  readonly id: string;
}

/** Where a page begins: after the key, or after that one of the things under it. */
export interface Marker {
  readonly key: string;
  readonly id?: string | undefined;
}

/** One page of a listing. */
export interface Page<T extends Entry> {
  readonly items: readonly T[];
  /** What several keys have in common up to the delimiter; each counts once. */
  readonly prefixes: readonly string[];
  /** The last key or common prefix of this page, after which the next begins; undefined on the last page. */
  readonly next: Marker | undefined;
}

/** The most that a page holds, whatever was asked for. */
const MOST = 1000;

/** Cuts a page out of entries that are in the order of their keys, as `prefix` and `delimiter` of the query say. */
export function pageOf<T extends Entry>(call: S3Target, all: readonly T[], after: Marker, limit: number): Page<T> {
  const prefix = call.query.get("prefix") ?? "";
  const delimiter = call.query.get("delimiter") ?? "";
  const items: T[] = [];
  const prefixes: string[] = [];
  let last: Marker = { key: "" };
  for (const entry of beginAfter(all, after)) {
    const at = delimiter === "" ? -1 : entry.key.indexOf(delimiter, prefix.length);
    const common = at < 0 ? undefined : entry.key.slice(0, at + delimiter.length);
    if (common !== undefined && (common === after.key || common === prefixes.at(-1))) continue;
    if (items.length + prefixes.length === limit) return { items, prefixes, next: limit === 0 ? undefined : last };
    if (common === undefined) items.push(entry);
    else prefixes.push(common);
    last = common === undefined ? { key: entry.key, id: entry.id } : { key: common };
  }
  return { items, prefixes, next: undefined };
}

/** The `max-keys`, `max-uploads` or `max-parts` of a call. Throws `InvalidArgument`. */
export function limitOf(call: S3Target, parameter: string): number {
  const given = call.query.get(parameter);
  if (given === null) return MOST;
  if (!/^\d+$/.test(given) || Number(given) > 2_147_483_647)
    throw new CloudError("InvalidArgument", `Provided ${parameter} not an integer or within integer range`);
  return Math.min(Number(given), MOST);
}

/** How keys are shown: as they are, or percent-encoded where the client asks for it because XML cannot hold every character. */
export function encoderOf(call: S3Target): (text: string) => string {
  const encoding = call.query.get("encoding-type");
  if (encoding !== null && encoding !== "url")
    throw new CloudError("InvalidArgument", "Invalid Encoding Method specified in Request");
  return encoding === "url" ? (text) => encodeURIComponent(text).replaceAll("%2F", "/") : (text) => text;
}

function beginAfter<T extends Entry>(all: readonly T[], after: Marker): readonly T[] {
  if (after.key === "") return all;
  if (after.id !== undefined) {
    const at = all.findIndex(({ key, id }) => key === after.key && id === after.id);
    if (at >= 0) return all.slice(at + 1);
  }
  const marker = Buffer.from(after.key);
  // S3 sorts by the bytes of UTF-8, JavaScript by those of UTF-16.
  return all.filter(({ key }) => Buffer.compare(Buffer.from(key), marker) > 0);
}

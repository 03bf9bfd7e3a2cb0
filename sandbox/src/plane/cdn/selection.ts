import type { IncomingHttpHeaders } from "node:http";
import type { Behavior, Caching, Selection } from "./plan.ts";

/** Whether a selection has that name. */
export function selects({ kind, names }: Selection, name: string): boolean {
  if (kind === "all" || kind === "none") return kind === "all";
  return names.includes(name) === (kind === "only");
}

/** Whether any of the selections has it. */
function anySelects(selections: readonly Selection[], name: string): boolean {
  return selections.some((selection) => selects(selection, name));
}

/** The parameters of a query that are selected, in their order, as they were written. */
export function selectedQuery(query: string, ...selections: Selection[]): string {
  if (query === "" || selections.every(({ kind }) => kind === "none")) return "";
  return query
    .split("&")
    .filter((part) => anySelects(selections, decoded(part.split("=")[0] ?? "")))
    .join("&");
}

/** The cookies that are selected, as one header; empty for none. */
export function selectedCookies(headers: IncomingHttpHeaders, ...selections: Selection[]): string {
  const cookies = (headers.cookie ?? "").split(/;\s*/).filter((part) => part !== "");
  return cookies.filter((part) => anySelects(selections, part.split("=")[0] ?? "")).join("; ");
}

/** What CloudFront makes of the encodings that a client takes: `br,gzip`, `gzip`, `br`, or nothing. */
export function acceptedEncodings({ brotli, gzip }: Pick<Caching, "brotli" | "gzip">, headers: IncomingHttpHeaders): string {
  const accepted = (headers["accept-encoding"] ?? "")
    .split(",")
    .map((part) => part.trim().split(/\s*;\s*/))
    .filter(([, weight]) => weight === undefined || !/^q=0(\.0*)?$/.test(weight))
    .map(([name = ""]) => name.toLowerCase());
  const offered = [...(brotli ? ["br"] : []), ...(gzip ? ["gzip"] : [])];
  return offered.filter((name) => accepted.includes(name)).join(",");
}

/** What a request is known by: two of the same key get one answer. */
export function cacheKey({ caching }: Behavior, path: string, query: string, headers: IncomingHttpHeaders, host: string): string {
  const own =
    caching.headers.kind === "only"
      ? caching.headers.names.map((name) => `${name}:${name === "host" ? host : String(headers[name] ?? "")}`)
      : [];
  return JSON.stringify([
    path,
    selectedQuery(query, caching.query),
    own,
    selectedCookies(headers, caching.cookies),
    acceptedEncodings(caching, headers),
  ]);
}

/** Whether answers are kept at all. */
export function isCaching({ maxTtl }: Caching): boolean {
  return maxTtl > 0;
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name.replaceAll("+", " "));
  } catch {
    return name;
  }
}

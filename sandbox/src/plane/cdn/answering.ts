import type { IncomingHttpHeaders, OutgoingHttpHeaders } from "node:http";
import { pipeline } from "node:stream/promises";
import { viaOf } from "./asking.ts";
import type { Entry } from "./cache.ts";
import type { Exchange } from "./exchange.ts";
import type { Behavior, OriginAnswer, OwnAnswer } from "./plan.ts";

/** The edge location that answers, as CloudFront names them. */
const POP = "FRA60-P1";

/** How an answer came about: CloudFront's word, as in `X-Cache: Miss from cloudfront`. */
export type Result = "Hit" | "RefreshHit" | "Miss" | "Error" | "Redirect";

/** Sends an answer that is kept: whole, a range of it, or the word that the client has it already. */
export function sendEntry(exchange: Exchange, behavior: Behavior, entry: Entry, result: Result): void {
  const { method, plan, request, response } = exchange;
  const age =
    result === "Miss" ? undefined : Math.max(0, Math.floor((plan.now() - entry.stored) / 1000)) + Number(entry.headers.age ?? 0);
  const headers = headersOf(exchange, behavior, entry.headers, result, age);
  if (entry.status === 200 && hasAlready(request.headers, entry.headers)) {
    const { "content-length": _length, "content-type": _type, ...rest } = headers;
    finish(exchange, result, 304, rest, Buffer.alloc(0), entry.headers["content-type"]);
    return;
  }
  const range = entry.status === 200 ? rangeOf(request.headers, entry) : undefined;
  if (range === "unsatisfiable") {
    finish(exchange, result, 416, { ...headers, "content-range": `bytes */${String(entry.body.length)}` }, Buffer.alloc(0));
    return;
  }
  const body = range === undefined ? entry.body : entry.body.subarray(range.start, range.end + 1);
  const extent =
    range === undefined
      ? {}
      : { "content-range": `bytes ${String(range.start)}-${String(range.end)}/${String(entry.body.length)}` };
  const status = range === undefined ? entry.status : 206;
  response.strictContentLength = false;
  finish(
    exchange,
    result,
    status,
    { ...headers, ...extent, "content-length": body.length },
    method === "HEAD" ? Buffer.alloc(0) : body,
    entry.headers["content-type"],
    body.length,
  );
}

/** Streams an answer that nobody keeps. */
export async function sendStream(exchange: Exchange, behavior: Behavior, answer: OriginAnswer): Promise<void> {
  const { method, response } = exchange;
  const result: Result = answer.status >= 400 ? "Error" : "Miss";
  response.writeHead(answer.status, headersOf(exchange, behavior, answer.headers, result, undefined));
  let bytes = 0;
  const counted = async function* (): AsyncGenerator<Uint8Array> {
    for await (const chunk of answer.body) {
      bytes += chunk.length;
      yield chunk;
    }
  };
  try {
    if (method === "HEAD") {
      for await (const _ of answer.body) {
        // There is none to send.
      }
      response.end();
    } else await pipeline(counted, response);
  } finally {
    served(exchange, answer.status, result, bytes, answer.headers["content-type"] ?? "");
  }
}

/** Sends what CloudFront says by itself. */
export function sendOwn(exchange: Exchange, { body, headers, status }: OwnAnswer, result: Result): void {
  exchange.request.resume();
  const bytes = Buffer.from(body);
  const all = {
    ...ownHeaders(exchange, result),
    date: new Date(exchange.plan.now()).toUTCString(),
    ...headers,
    "content-length": bytes.length,
  };
  finish(
    exchange,
    result,
    status,
    all,
    exchange.method === "HEAD" ? Buffer.alloc(0) : bytes,
    headers["content-type"] ?? "",
    bytes.length,
  );
}

function finish(
  exchange: Exchange,
  result: Result,
  status: number,
  headers: OutgoingHttpHeaders,
  body: Buffer,
  type = "",
  bytes = body.length,
): void {
  exchange.response.writeHead(status, headers);
  exchange.response.end(body);
  served(exchange, status, result, exchange.method === "HEAD" ? 0 : Math.min(bytes, body.length), type);
}

function served(
  { began, client, host, id, method, path, plan, query, request, secure }: Exchange,
  status: number,
  result: Result,
  bytesOut: number,
  contentType: string,
): void {
  plan.served({
    ...{
      at: began,
      milliseconds: plan.now() - began,
      client,
      method,
      host,
      path,
      query,
      status,
      result,
      bytesOut,
      secure,
      contentType,
    },
    bytesIn: Number(request.headers["content-length"] ?? 0),
    requestId: id,
    headers: request.headers,
  });
}

function headersOf(
  exchange: Exchange,
  { answerHeaders, caching, forwarding }: Behavior,
  given: IncomingHttpHeaders,
  result: Result,
  age: number | undefined,
): OutgoingHttpHeaders {
  const removed = new Set(answerHeaders?.remove ?? []);
  // Where no cookies go to the origin, none come back: one client's would be everybody's.
  if (caching.cookies.kind === "none" && forwarding.cookies.kind === "none") removed.add("set-cookie");
  const kept: OutgoingHttpHeaders = Object.fromEntries(Object.entries(given).filter(([name]) => !removed.has(name)));
  for (const { name, overrides, value } of answerHeaders?.add(exchange.request.headers, exchange.method) ?? [])
    if (overrides || kept[name] === undefined) kept[name] = value;
  const { via } = kept;
  const own = ownHeaders(exchange, result);
  return {
    date: new Date(exchange.plan.now()).toUTCString(),
    ...kept,
    ...own,
    ...(via !== undefined && { via: `${String(via)}, ${String(own["via"])}` }),
    ...(age !== undefined && { age: String(age) }),
  };
}

function ownHeaders({ id, plan, request }: Exchange, result: Result): Record<string, string> {
  return {
    via: viaOf(request.httpVersion, plan.names[0] ?? ""),
    "x-cache": `${result} from cloudfront`,
    "x-amz-cf-pop": POP,
    "x-amz-cf-id": id,
  };
}

/** Whether the client has this very answer. Source: RFC 9110, section 13.2.2. */
function hasAlready(asked: IncomingHttpHeaders, { etag, "last-modified": modified }: IncomingHttpHeaders): boolean {
  const known = asked["if-none-match"];
  if (known !== undefined)
    return known.trim() === "*" || (etag !== undefined && known.split(",").some((one) => opaque(one) === opaque(etag)));
  const since = asked["if-modified-since"];
  return since !== undefined && modified !== undefined && Date.parse(modified) <= Date.parse(since);
}

/** ETags are compared weakly where a whole answer is asked for. */
function opaque(etag: string): string {
  return etag.trim().replace(/^W\//, "");
}

/** The one range of bytes that is asked for; undefined for none, or for several, which are answered whole. */
function rangeOf(
  asked: IncomingHttpHeaders,
  { body, headers }: Entry,
): { readonly start: number; readonly end: number } | "unsatisfiable" | undefined {
  const [whole, from = "", to = ""] = /^bytes=(\d*)-(\d*)$/.exec(asked.range ?? "") ?? [];
  if (whole === undefined || (from === "" && to === "")) return undefined;
  const condition = asked["if-range"];
  if (typeof condition === "string" && condition !== headers.etag && condition !== headers["last-modified"]) return undefined;
  const start = from === "" ? Math.max(0, body.length - Number(to)) : Number(from);
  const end = from === "" || to === "" ? body.length - 1 : Math.min(Number(to), body.length - 1);
  return start > end || start >= body.length ? "unsatisfiable" : { start, end };
}

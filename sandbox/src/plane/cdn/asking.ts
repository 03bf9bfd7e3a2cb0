import type { IncomingHttpHeaders } from "node:http";
import { CLIENT_HEADER } from "../client-address.ts";
import { hasBody, without } from "../forward.ts";
import { type Exchange, pathOf } from "./exchange.ts";
import { type Behavior, type Origin, type OriginAnswer, OriginFailure, type Selection } from "./plan.ts";
import { acceptedEncodings, selectedCookies, selectedQuery, selects } from "./selection.ts";

/** How an origin is asked beside what the client's request says. */
export interface Ask {
  /** @default - the client's */
  readonly method?: string;
  /** @default - the client's, or the root object */
  readonly path?: string;
  /** Whether the answer is for many, so that what only this client knows (ranges, what it has already) does not count. */
  readonly shared: boolean;
  /** What is known of the answer already. */
  readonly conditions?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** Go to an origin even where no policy names them. Source: CloudFront developer guide, "HTTP request headers and CloudFront behavior (custom and Amazon S3 origins)". */
const ALWAYS = [
  "content-type",
  "content-length",
  "date",
  "origin",
  "access-control-request-headers",
  "access-control-request-method",
];
const OF_ONE_CLIENT = ["range", "if-range", "if-match", "if-none-match", "if-modified-since", "if-unmodified-since"];
/** What CloudFront writes by itself. */
const OWN = ["host", "cookie", "accept-encoding", "via", "x-amz-cf-id", "x-forwarded-for", CLIENT_HEADER];

/** Asks the target of a behaviour; in a group the second origin where the first fails. Rejects with an {@link OriginFailure}. */
export async function askTarget(exchange: Exchange, behavior: Behavior, ask: Ask): Promise<OriginAnswer> {
  const { groups, origins } = exchange.plan;
  const group = groups.get(behavior.target);
  const [first, second] = (group?.members ?? [behavior.target]).map((id) => origins.get(id));
  if (first === undefined) throw new OriginFailure(502, `There is no origin ${behavior.target}`);
  // Only what can be sent twice goes to the second origin.
  const mayFailOver = second !== undefined && ["GET", "HEAD", "OPTIONS"].includes(ask.method ?? exchange.method);
  if (!mayFailOver) return askOrigin(exchange, behavior, first, ask);
  try {
    const answer = await askOrigin(exchange, behavior, first, ask);
    if (group?.statuses.includes(answer.status) !== true) return answer;
    for await (const _ of answer.body) {
      // Read to its end, so that the connection can be used again.
    }
  } catch (error) {
    if (!(error instanceof OriginFailure)) throw error;
  }
  return askOrigin(exchange, behavior, second, ask);
}

function askOrigin(exchange: Exchange, behavior: Behavior, origin: Origin, ask: Ask): Promise<OriginAnswer> {
  const { caching, forwarding } = behavior;
  const query = selectedQuery(exchange.query, caching.query, forwarding.query);
  const path = ask.path ?? pathOf(exchange);
  const method = ask.method ?? exchange.method;
  const body = method === exchange.method && hasBody(exchange.request) ? exchange.request : undefined;
  return origin.ask({
    method,
    path: `${origin.pathPrefix}${path}${query === "" ? "" : `?${query}`}`,
    headers: { ...headersFor(exchange, behavior, origin, ask), ...ask.conditions, ...exchange.insert, ...origin.customHeaders },
    body,
    signal: ask.signal,
  });
}

function headersFor(
  exchange: Exchange,
  { caching, forwarding }: Behavior,
  origin: Origin,
  { shared }: Ask,
): Record<string, string> {
  const { client, host, id, method, plan, request, secure } = exchange;
  const given = without(request.headers, OWN);
  const isSelected = (name: string): boolean => selects(caching.headers, name) || selects(forwarding.headers, name);
  const passes = (name: string): boolean => {
    if (OF_ONE_CLIENT.includes(name)) return !shared;
    if (name === "authorization" && !["GET", "HEAD"].includes(method)) return true;
    return ALWAYS.includes(name) || isSelected(name);
  };
  const passed = Object.entries(given).filter(([name, value]) => value !== undefined && passes(name));
  const cookie = selectedCookies(request.headers, caching.cookies, forwarding.cookies);
  const encodings = acceptedEncodings(caching, request.headers);
  const before = request.headers["x-forwarded-for"];
  const viewer: Record<string, string> = {
    "cloudfront-forwarded-proto": secure ? "https" : "http",
    "cloudfront-viewer-address": `${client}:${String(request.socket.remotePort ?? 0)}`,
  };
  const named = (name: string): boolean => [caching.headers, forwarding.headers].some((one) => isNamed(one, name));
  return {
    "user-agent": "Amazon CloudFront",
    ...(Object.fromEntries(passed.map(([name, value]) => [name, String(value)])) as Record<string, string>),
    host: isSelected("host") ? host : origin.host,
    ...(cookie !== "" && { cookie }),
    ...(encodings !== "" && { "accept-encoding": encodings }),
    "x-forwarded-for": before === undefined ? client : `${String(before)}, ${client}`,
    via: viaOf(request.httpVersion, plan.names[0] ?? ""),
    "x-amz-cf-id": id,
    ...(Object.fromEntries(Object.entries(viewer).filter(([name]) => named(name))) as Record<string, string>),
  };
}

/** CloudFront's own headers go only where they are asked for by name. */
function isNamed({ kind, names }: Selection, name: string): boolean {
  return kind === "only" && names.includes(name);
}

/** How CloudFront signs what passes through it. */
export function viaOf(version: string, name: string): string {
  return `${version} ${name} (CloudFront)`;
}

/** What asks an origin whether an answer is still good; undefined where it gave nothing to ask with. */
export function conditionsOf(headers: IncomingHttpHeaders): Record<string, string> | undefined {
  const { etag, "last-modified": modified } = headers;
  if (etag === undefined && modified === undefined) return undefined;
  return {
    ...(etag !== undefined && { "if-none-match": etag }),
    ...(modified !== undefined && { "if-modified-since": modified }),
  };
}

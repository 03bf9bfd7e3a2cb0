import { randomUUID } from "node:crypto";
import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { CLIENT_HEADER, clientAddress } from "../client-address.ts";
import { without } from "../forward.ts";

/** What the rules of a listener look at. */
export interface Asked {
  readonly method: string;
  /** In small letters, without a port. */
  readonly host: string;
  /** Without the query. */
  readonly path: string;
  /** With its question mark; empty where there is none. */
  readonly query: string;
  readonly headers: IncomingHttpHeaders;
  /** The client's address. */
  readonly source: string;
}

/** How a load balancer treats the headers of requests. */
export interface HeaderRules {
  /** What becomes of the `x-forwarded-for` that a client sends. */
  readonly forwardedFor: "append" | "preserve" | "remove";
  /** Whether the client's port is written into `x-forwarded-for` too. */
  readonly clientPort: boolean;
  /** Whether the `host` header stays as it is, also at a port other than 80 and 443. */
  readonly keepHost: boolean;
  /** Whether headers are dropped whose names have other signs than letters, digits and hyphens. */
  readonly dropInvalid: boolean;
}

/** What the outside world sees of a listener. */
export interface Front {
  readonly protocol: "HTTP" | "HTTPS";
  /** The port of the listener, such as 443. */
  readonly port: number;
}

/** More addresses than this in `x-forwarded-for` are refused with 463. */
export const MOST_FORWARDERS = 30;

/** Reads what rules look at. */
export function askedOf(request: IncomingMessage): Asked {
  const { path, query } = splitUrl(request.url ?? "/");
  return {
    method: request.method ?? "GET",
    host: (request.headers.host ?? "").replace(/:\d+$/, "").toLowerCase(),
    path,
    query,
    headers: request.headers,
    source: clientAddress(request),
  };
}

/** The headers with which a target gets the request; `trace` is that of {@link traceOf}. */
export function targetHeaders(request: IncomingMessage, rules: HeaderRules, front: Front, trace: string): IncomingHttpHeaders {
  const kept = without(request.headers, ["x-forwarded-for", CLIENT_HEADER]);
  const headers = rules.dropInvalid ? onlyValid(kept) : kept;
  const forwarders = forwardersOf(request, rules);
  return {
    ...headers,
    ...(headers.host !== undefined && { host: hostOf(headers.host, rules, front) }),
    ...(forwarders !== "" && { "x-forwarded-for": forwarders }),
    "x-forwarded-proto": front.protocol.toLowerCase(),
    "x-forwarded-port": String(front.port),
    "x-amzn-trace-id": trace,
  };
}

/** How many addresses a client has put into `x-forwarded-for`. */
export function forwarderCount({ headers }: IncomingMessage): number {
  const given = headers["x-forwarded-for"];
  return given === undefined ? 0 : String(given).split(",").length;
}

function forwardersOf(request: IncomingMessage, { clientPort, forwardedFor }: HeaderRules): string {
  const given = request.headers["x-forwarded-for"];
  const before = given === undefined ? "" : String(given);
  if (forwardedFor === "remove") return "";
  if (forwardedFor === "preserve") return before;
  const client = clientAddress(request) + (clientPort ? `:${request.socket.remotePort ?? 0}` : "");
  return before === "" ? client : `${before}, ${client}`;
}

/** At a port of its own a listener writes that into the host, unless it is told to keep what the client wrote. */
function hostOf(host: string, { keepHost }: HeaderRules, { port }: Front): string {
  return keepHost || port === 80 || port === 443 || /:\d+$/.test(host) ? host : `${host}:${port}`;
}

/** AWS X-Ray, "Tracing header": a root that is there already is kept, and the load balancer adds itself. */
export function traceOf({ headers }: IncomingMessage): string {
  const given = headers["x-amzn-trace-id"];
  const own = `1-${Math.floor(Date.now() / 1000).toString(16)}-${randomUUID().replaceAll("-", "").slice(0, 24)}`;
  return given === undefined ? `Root=${own}` : `Self=${own};${String(given)}`;
}

function onlyValid(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => /^[a-z0-9-]+$/.test(name)));
}

function splitUrl(url: string): { readonly path: string; readonly query: string } {
  const at = url.indexOf("?");
  return at < 0 ? { path: url, query: "" } : { path: url.slice(0, at), query: url.slice(at) };
}

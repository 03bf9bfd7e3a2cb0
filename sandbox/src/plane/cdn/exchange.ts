import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { clientAddress } from "../client-address.ts";
import type { Behavior, EdgePlan, Verdict } from "./plan.ts";

/** One request of a client, and its answer. */
export interface Exchange {
  readonly plan: EdgePlan;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly method: string;
  /** As the client wrote it, without the query. */
  readonly path: string;
  /** Without the question mark. */
  readonly query: string;
  /** The name that is asked for, in small letters. */
  readonly host: string;
  /** Whether the client came over TLS, for which one of the two ports stands. */
  readonly secure: boolean;
  readonly client: string;
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly began: number;
  /** Headers that the firewall adds on the way to the origin. */
  insert: Verdict["insert"];
}

const LOOPBACK = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/;

/** Takes a request in. Who asks for this machine asks for the distribution's own name. */
export function exchangeOf(plan: EdgePlan, request: IncomingMessage, response: ServerResponse, secure: boolean): Exchange {
  const url = request.url ?? "/";
  const at = url.indexOf("?");
  const asked = (request.headers.host ?? "").toLowerCase();
  return {
    plan,
    request,
    response,
    method: request.method ?? "GET",
    path: at < 0 ? url : url.slice(0, at),
    query: at < 0 ? "" : url.slice(at + 1),
    host: LOOPBACK.test(asked) ? (plan.names[0] ?? "") : asked.replace(/:\d+$/, ""),
    secure,
    client: clientAddress(request),
    id: `${randomBytes(40).toString("base64url")}==`,
    began: plan.now(),
    insert: {},
  };
}

/** The path as origins and the cache know it: the root is the root object. */
export function pathOf({ path, plan }: Exchange): string {
  return path === "/" && plan.rootObject !== "" ? `/${plan.rootObject}` : path;
}

/** The first behaviour whose pattern the path has. */
export function behaviorOf({ behaviors }: EdgePlan, path: string): Behavior | undefined {
  return behaviors.find(({ pattern }) => patternOf(pattern).test(path));
}

const patterns = new Map<string, RegExp>();

/** A pattern may leave the first slash out. */
function patternOf(pattern: string): RegExp {
  const known = patterns.get(pattern) ?? compiled(pattern);
  patterns.set(pattern, known);
  return known;
}

function compiled(pattern: string): RegExp {
  const whole = pattern.startsWith("/") || pattern.startsWith("*") ? pattern : `/${pattern}`;
  const source = whole
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`);
}

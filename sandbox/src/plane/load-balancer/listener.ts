import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import type { IssuedCertificate } from "../certificate-authority.ts";
import { codeOf, forward } from "../forward.ts";
import { WebServer } from "../web-server.ts";
import type { Action, Rule, WeightedGroup } from "./actions.ts";
import { answerOwn, type OwnAnswer } from "./answers.ts";
import type { Answered } from "./answered.ts";
import { COOKIE, cookieIn, stickyCookies } from "./cookies.ts";
import type { Exchange } from "./exchange.ts";
import { locationOf } from "./redirect.ts";
import {
  type Asked,
  askedOf,
  forwarderCount,
  type Front,
  type HeaderRules,
  MOST_FORWARDERS,
  targetHeaders,
  traceOf,
} from "./request.ts";
import { Turns } from "./shares.ts";
import type { Target } from "./target.ts";

/** What a listener is to do. */
export interface ListenerPlan extends Front {
  /** In the order in which they are tried. */
  readonly rules: readonly Rule[];
  /** What is done with a request that no rule matches. */
  readonly otherwise: Action;
  readonly headers: HeaderRules;
  /** Asked before all rules: what a firewall says of a request. @default - nothing stands before the listener */
  readonly inspect?: (asked: Asked) => Inspection;
  /** With which it speaks TLS to who begins with that. @default - it speaks no TLS */
  readonly certificate?: IssuedCertificate;
  /** How long a target may say nothing. */
  readonly idleMs: number;
  /** What becomes of the headers of a target's answer. */
  readonly answerHeaders: (headers: IncomingHttpHeaders) => IncomingHttpHeaders;
  /** The local port behind a port of the same load balancer. */
  readonly localPort: (port: number) => number | undefined;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Told of every request that was answered. */
  readonly answered: (what: Answered, exchange: Exchange) => void;
}

/** What a firewall says of a request. */
export interface Inspection {
  /** The answer in the place of the targets'. @default - the request may go on */
  readonly refusal?: OwnAnswer;
  /** Headers that go on with the request. */
  readonly insert: Readonly<Record<string, string>>;
}

type Forward = Extract<Action, { kind: "forward" }>;

/** What the client is told where a target can't be reached (Elastic Load Balancing User Guide, "Troubleshoot your Application Load Balancers"). */
const GATEWAY_TIMEOUTS = ["UND_ERR_CONNECT_TIMEOUT", "UND_ERR_HEADERS_TIMEOUT"];
const NEVER_STOOD = ["ECONNREFUSED", "UND_ERR_CONNECT_TIMEOUT"];
const LARGEST_HEADERS = 64 * 1024;
const PASSED: Inspection = { insert: {} };

/**
 * One listener of an Application Load Balancer: a reverse proxy on a port of 127.0.0.1. It passes each request on once, to one target, and never to a second; what
 * goes wrong is answered with 502, 503 or 504 as the cloud does. Connections are not upgraded.
 */
export class Listener {
  readonly port: number;
  private readonly server: WebServer;
  private plan: ListenerPlan;
  private readonly turns = new Turns<WeightedGroup["group"]>();

  private constructor(port: number, plan: ListenerPlan) {
    this.port = port;
    this.plan = plan;
    this.server = new WebServer((request, response) => void this.handle(request, response), {
      keepAliveMs: plan.idleMs,
      maxHeaderSize: LARGEST_HEADERS,
    });
    this.server.secure(plan.certificate);
  }

  /** Listens on that port. Rejects if somebody else has it. */
  static async open(port: number, plan: ListenerPlan): Promise<Listener> {
    const listener = new Listener(port, plan);
    await listener.server.listen(port);
    return listener;
  }

  /** Takes another plan: the next request is the first that follows it. */
  follow(plan: ListenerPlan): void {
    this.plan = plan;
    this.server.keepAliveMs = plan.idleMs;
    this.server.secure(plan.certificate);
  }

  /** Stops listening and ends every connection. */
  close(): Promise<void> {
    return this.server.close();
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.on("error", () => undefined);
    const { plan } = this;
    const asked = askedOf(request);
    const exchange: Exchange = {
      request,
      trace: traceOf(request),
      receivedAt: plan.now(),
      beganAt: performance.now(),
      priority: -1,
      inspected: plan.inspect !== undefined,
    };
    const { insert, refusal } = refusalOf(request) ?? plan.inspect?.(asked) ?? PASSED;
    if (refusal !== undefined) {
      answerOwn(request, response, refusal);
      plan.answered({ at: plan.now(), status: refusal.status, kind: "refused" }, exchange);
      return;
    }
    const rule = plan.rules.find(({ matches }) => matches(asked));
    const action = rule?.action ?? plan.otherwise;
    exchange.priority = rule?.priority ?? 0;
    if (action.kind === "forward") {
      await this.pass(exchange, response, plan, action, insert);
      return;
    }
    const { kind, status } = action;
    if (kind === "redirect") {
      exchange.location = locationOf(action, asked, plan, plan.localPort);
      answerOwn(request, response, { status, headers: { location: exchange.location } });
    } else answerOwn(request, response, { status, body: { type: action.contentType, text: action.body } });
    plan.answered({ at: plan.now(), status, kind }, exchange);
  }

  private async pass(
    exchange: Exchange,
    response: ServerResponse,
    plan: ListenerPlan,
    action: Forward,
    insert: Inspection["insert"],
  ): Promise<void> {
    const { request } = exchange;
    const chosen = this.choose(request, action);
    const target = chosen?.group.choose(stuckTo(request, chosen));
    if (chosen === undefined || target === undefined) {
      answerOwn(request, response, { status: 503 });
      plan.answered({ at: plan.now(), status: 503, kind: "forward", ...(chosen && { group: chosen.group.id }) }, exchange);
      return;
    }
    const { id, port, zone } = target.registration;
    const told = { kind: "forward", group: chosen.group.id, target: { id, port, zone } } as const;
    target.inFlight++;
    try {
      const outcome = await attempt(exchange, response, plan, target, insert, (headers) => [
        ...groupCookies(plan, action, chosen),
        ...targetCookies(request, headers, plan, chosen, target),
      ]);
      plan.answered({ at: plan.now(), ...told, ...outcome }, exchange);
    } finally {
      target.inFlight--;
    }
  }

  /** The group of the request: the one that the client was given before, where that lasts, or the one whose turn it is. */
  private choose(request: IncomingMessage, { groups, stickyMs }: Forward): WeightedGroup | undefined {
    const cookie = stickyMs === undefined ? undefined : cookieIn(request.headers.cookie, COOKIE.group);
    const kept = groups.find(({ group, weight }) => weight > 0 && group.cookie === cookie);
    if (kept !== undefined) return kept;
    const next = this.turns.next(groups.map(({ group, weight }) => ({ of: group, weight })));
    return groups.find(({ group }) => group === next);
  }
}

/** Passes the request on, and says what the client and the target said. */
async function attempt(
  exchange: Exchange,
  response: ServerResponse,
  plan: ListenerPlan,
  target: Target,
  insert: Inspection["insert"],
  cookies: (headers: IncomingHttpHeaders) => readonly string[],
): Promise<Pick<Answered, "status" | "targetSeconds" | "targetStatus" | "unconnected">> {
  const { request, trace } = exchange;
  const pool = await target.connections();
  if (pool === undefined) {
    answerOwn(request, response, { status: 502 });
    return { status: 502, unconnected: true };
  }
  const beganAt = performance.now();
  exchange.passedAt = beganAt;
  let said: { readonly targetStatus: number; readonly targetSeconds: number } | undefined;
  try {
    await forward(pool, request, response, {
      headers: { ...targetHeaders(request, plan.headers, plan, trace), ...insert },
      silenceMs: plan.idleMs,
      answer: (targetStatus, given) => {
        said = { targetStatus, targetSeconds: (performance.now() - beganAt) / 1000 };
        const [headers, set] = [plan.answerHeaders(given), cookies(given)];
        return set.length === 0 ? headers : { ...headers, "set-cookie": [...(headers["set-cookie"] ?? []), ...set] };
      },
    });
    return { status: said?.targetStatus, ...said };
  } catch (error) {
    if (said !== undefined || response.destroyed) {
      // The answer was cut off half-way: the client must notice.
      response.destroy();
      return { status: said?.targetStatus, ...said };
    }
    const code = codeOf(error);
    const status = statusFor(code);
    answerOwn(request, response, { status });
    return { status, unconnected: NEVER_STOOD.includes(code) };
  }
}

function statusFor(code: string): number {
  if (code === "UND_ERR_INVALID_ARG") return 400;
  return GATEWAY_TIMEOUTS.includes(code) ? 504 : 502;
}

/** How the load balancer itself refuses such a request; undefined where it takes it. */
function refusalOf(request: IncomingMessage): Inspection | undefined {
  if (request.method === "TRACE") return { refusal: { status: 405 }, insert: {} };
  return forwarderCount(request) > MOST_FORWARDERS ? { refusal: { status: 463 }, insert: {} } : undefined;
}

/** The target that the client was given before, as its cookie says. */
function stuckTo({ headers }: IncomingMessage, { stickiness }: WeightedGroup): string | undefined {
  if (stickiness === undefined) return undefined;
  if (stickiness.kind === "load balancer") return cookieIn(headers.cookie, COOKIE.target);
  const session = cookieIn(headers.cookie, stickiness.cookie);
  return session === undefined ? undefined : cookieIn(headers.cookie, COOKIE.application);
}

function groupCookies({ now }: ListenerPlan, { stickyMs }: Forward, { group }: WeightedGroup): readonly string[] {
  return stickyMs === undefined ? [] : stickyCookies(COOKIE.group, group.cookie, now() + stickyMs);
}

function targetCookies(
  request: IncomingMessage,
  answer: IncomingHttpHeaders,
  { now }: ListenerPlan,
  { stickiness }: WeightedGroup,
  { cookie }: Target,
): readonly string[] {
  if (stickiness === undefined) return [];
  const expires = now() + stickiness.ms;
  if (stickiness.kind === "load balancer") return stickyCookies(COOKIE.target, cookie, expires);
  const { cookie: name } = stickiness;
  const isSet = (answer["set-cookie"] ?? []).some((line) => line.startsWith(`${name}=`));
  const isKept = cookieIn(request.headers.cookie, name) !== undefined;
  return isSet || isKept ? stickyCookies(COOKIE.application, cookie, expires) : [];
}

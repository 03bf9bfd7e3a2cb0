import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import type { Registry } from "prom-client";
import type { Chaos } from "../chaos.ts";
import type { Config } from "../config.ts";
import type { Database } from "../database/database.ts";
import type { Log } from "../log.ts";
import { chaosRoutes } from "./chaos.ts";
import { isFault, problemOf } from "./errors.ts";
import { healthRoutes } from "./health.ts";
import type { Lifecycle } from "./lifecycle.ts";
import { observeRequests } from "./observe.ts";
import { type Problem, problems } from "./problem.ts";
import { securityHeaders } from "./security-headers.ts";
import { shedLoad } from "./shedding.ts";
import { traceIdOf } from "./trace.ts";

/** Tells a client what went wrong. */
export type SendProblem = (request: FastifyRequest, reply: FastifyReply, problem: Problem) => FastifyReply;

/** What every server of this product has. */
export interface ServerNeeds {
  readonly config: Pick<Config, "chaosToken" | "mostRequests" | "publicUrl" | "trustedProxies">;
  readonly chaos: Chaos;
  readonly database: Database;
  readonly lifecycle: Lifecycle;
  readonly log: Log;
  readonly metrics: Registry;
  /** @default - problem details as JSON (RFC 9457) */
  readonly sendProblem?: SendProblem;
}

/** The longest body: a form or an order is far smaller. */
const BODY_BYTES = 64 * 1024;
/** A client that takes longer to send its request is in no hurry, or up to no good. */
const REQUEST_MS = 30_000;
/** Longer than proxies keep idle connections (AWS load balancers: 60 s), so that none sends into one that we are closing. */
const KEEP_ALIVE_MS = 72_000;
const PARAMETER_CHARACTERS = 200;
/** An answer takes a few seconds at most; a connection that is still open this long after we began to close is cut. */
const CLOSE_MS = 8_000;
const IDLE_MS = 50;

/** A server that listens nowhere yet: health, metrics, logs, and an answer for everything that goes wrong. */
export function createServer(needs: ServerNeeds): FastifyInstance {
  const { chaos, config, lifecycle, log, metrics, sendProblem = sendProblemDetails } = needs;
  const fail = (error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const problem = problemOf(error);
    // A request that the router refused has met none of our hooks.
    if (request.traceId === "") request.traceId = traceIdOf(undefined);
    if (isFault(problem)) log.error(error, { trace_id: request.traceId });
    const { retryAfterSeconds } = problem.fields;
    if (retryAfterSeconds !== undefined) void reply.header("retry-after", String(retryAfterSeconds));
    return sendProblem(request, reply.header("cache-control", "no-store"), problem);
  };
  const app = fastify({
    trustProxy: [...config.trustedProxies],
    bodyLimit: BODY_BYTES,
    requestTimeout: REQUEST_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    routerOptions: { maxParamLength: PARAMETER_CHARACTERS },
    // While it closes it answers what still comes in; refusing would lose requests that were on their way.
    return503OnClosing: false,
    forceCloseConnections: "idle",
    frameworkErrors: (error, request, reply) => void fail(error, request, reply),
  });
  app.removeContentTypeParser("text/plain");
  observeRequests(app, log, metrics);
  shedLoad(app, config.mostRequests, metrics);
  if (config.chaosToken !== undefined) chaosRoutes(app, chaos, config.chaosToken, log);
  securityHeaders(app, config.publicUrl.startsWith("https:"));
  app.addHook("onSend", (_request, reply, _payload, done) => {
    // The connection is not kept open for us to wait for; the next one the load balancer gives to somebody who stays.
    if (lifecycle.phase === "draining") void reply.header("connection", "close");
    done();
  });
  app.setErrorHandler(fail);
  app.setNotFoundHandler((request, reply) => fail(problems.notFound("page"), request, reply));
  healthRoutes(app, needs);
  return app;
}

/** Takes no more connections, answers what is under way, and resolves when the last connection is closed. */
export async function closeServer(app: FastifyInstance): Promise<void> {
  // A connection whose last answer was on its way out when we began to close falls idle only now.
  const idle = setInterval(() => app.server.closeIdleConnections(), IDLE_MS);
  const cut = setTimeout(() => app.server.closeAllConnections(), CLOSE_MS);
  await app.close();
  clearInterval(idle);
  clearTimeout(cut);
}

/** The problem as JSON. */
export function sendProblemDetails(request: FastifyRequest, reply: FastifyReply, problem: Problem): FastifyReply {
  return reply
    .code(problem.fields.status)
    .type("application/problem+json")
    .send(JSON.stringify(problem.body(request.traceId)));
}

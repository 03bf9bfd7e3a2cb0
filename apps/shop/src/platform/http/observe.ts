import type { Span } from "@opentelemetry/api";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { Histogram, type Registry } from "prom-client";
import type { Log } from "../log.ts";
import { endRequestSpan, insideSpan, startRequestSpan } from "../tracing/spans.ts";
import { traceIdOf } from "./trace.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** 32 hexadecimal digits; shared by all that happens for one request of a person. */
    traceId: string;
  }
}

/** What load balancers and scrapers ask every few seconds is worth no span. */
const UNTRACED = new Set(["/healthz", "/readyz", "/metrics"]);

const spans = new WeakMap<FastifyRequest, Span>();

/** Gives every request its trace, and every answer its log line and its place in the histogram. */
export function observeRequests(app: FastifyInstance, log: Log, registry: Registry): void {
  const durations = new Histogram({
    name: "http_request_duration_seconds",
    help: "How long requests took, until the last byte was handed to the system.",
    labelNames: ["method", "route", "status"],
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  });
  app.decorateRequest("traceId", "");
  app.addHook("onRequest", (request, _reply, done) => {
    const span = UNTRACED.has(routeOf(request)) ? undefined : startRequestSpan(request.method, request.headers);
    request.traceId = span?.spanContext().traceId ?? traceIdOf(request.headers["traceparent"]);
    if (span === undefined) {
      done();
      return;
    }
    spans.set(request, span);
    insideSpan(span, done);
  });
  // A body comes in through events of the connection, which know nothing of the request.
  app.addHook("preValidation", (request, _reply, done) => {
    const span = spans.get(request);
    if (span === undefined) done();
    else insideSpan(span, done);
  });
  app.addHook("onResponse", (request, reply, done) => {
    const [route, status, seconds] = [routeOf(request), reply.statusCode, reply.elapsedTime / 1000];
    const span = spans.get(request);
    if (span !== undefined) endRequestSpan(span, request.method, route, status);
    durations.observe({ method: request.method, route, status: String(status) }, seconds);
    log.request({
      method: request.method,
      route,
      status,
      ms: Math.round(reply.elapsedTime * 100) / 100,
      trace_id: request.traceId,
    });
    done();
  });
}

/** The pattern, never the path: paths hold what people chose, and would make a time series each. */
export function routeOf(request: FastifyRequest): string {
  return request.routeOptions.url ?? "(none)";
}

import type { FastifyInstance } from "fastify";
import type { Registry } from "prom-client";
import type { Database } from "../database/database.ts";
import { remembered } from "../remembered.ts";
import type { Lifecycle } from "./lifecycle.ts";
import { problems } from "./problem.ts";

/** A load balancer asks every few seconds, from several places: between two questions the answer is remembered this long. */
const REMEMBERED_MS = 500;

/** What these routes look at. */
export interface Watched {
  readonly database: Database;
  readonly lifecycle: Lifecycle;
  readonly metrics: Registry;
}

/** /healthz: the process is alive. /readyz: it can serve, or 503 and why not. /metrics: for Prometheus, not through the proxy. */
export function healthRoutes(app: FastifyInstance, { database, lifecycle, metrics }: Watched): void {
  const ready = remembered(REMEMBERED_MS, async () => {
    try {
      await database.ping();
      return undefined;
    } catch {
      // What stands in the way may name hosts and users: that is for the log, not for whoever asks.
      return "the database cannot be reached";
    }
  });
  app.get("/healthz", (_request, reply) => reply.header("cache-control", "no-store").send({ status: "alive" }));
  app.get("/readyz", async (_request, reply) => {
    const reason = lifecycle.phase === "serving" ? await ready() : lifecycle.reason;
    void reply.header("cache-control", "no-store");
    if (reason === undefined) return { status: "ready" };
    return reply.code(503).send({ status: "not ready", reason });
  });
  app.get("/metrics", async (request, reply) => {
    // Everything from the internet comes through the proxy, which adds this header; a scraper on the machine does not.
    if (request.headers["x-forwarded-for"] !== undefined) throw problems.notFound("page");
    return reply.type(metrics.contentType).send(await metrics.metrics());
  });
}

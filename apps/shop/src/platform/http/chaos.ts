import { timingSafeEqual } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import type { Chaos } from "../chaos.ts";
import type { Log } from "../log.ts";
import { check, problems } from "./problem.ts";

const MOST_SECONDS = 600;

const wanted = z.strictObject({
  requestDelayMs: z.number().int().min(0).max(30_000).default(0),
  requestFailures: z.number().min(0).max(1).default(0),
  databaseAway: z.boolean().default(false),
  cacheAway: z.boolean().default(false),
  seconds: z.number().int().min(1).max(MOST_SECONDS).default(60),
});

/** GET, PUT and DELETE /api/chaos, for whoever has the token: faults of this process, for drills. They reach neither these routes nor those that watch the process. */
export function chaosRoutes(app: FastifyInstance, chaos: Chaos, token: string, log: Log): void {
  const mayDrill = (request: FastifyRequest): void => {
    const sent = Buffer.from(request.headers.authorization ?? "");
    const right = Buffer.from(`Bearer ${token}`);
    // Without the token there is no such page.
    if (sent.length !== right.length || !timingSafeEqual(sent, right)) throw problems.notFound("page");
  };
  app.get("/api/chaos", (request) => {
    mayDrill(request);
    return chaos.faults;
  });
  app.put("/api/chaos", (request) => {
    mayDrill(request);
    const { seconds, ...faults } = check(wanted, request.body);
    log.write("warn", "chaos", { seconds, ...faults });
    chaos.begin(faults, seconds);
    return chaos.faults;
  });
  app.delete("/api/chaos", (request) => {
    mayDrill(request);
    log.write("warn", "chaos", { seconds: 0 });
    chaos.end();
    return chaos.faults;
  });
  app.addHook("onRequest", async (request) => {
    const { requestDelayMs, requestFailures } = chaos.faults;
    if (/^\/(healthz|readyz|metrics|api\/chaos)$/.test(request.routeOptions.url ?? "")) return;
    if (requestDelayMs > 0) await delay(requestDelayMs);
    if (Math.random() < requestFailures) throw problems.unavailable("The shop is in a drill.");
  });
}

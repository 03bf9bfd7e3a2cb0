import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import { check } from "../../platform/http/problem.ts";
import type { Analytics } from "./analytics.ts";

const query = z.object({
  period: z.enum(["day", "week"]).default("day"),
  limit: z.coerce.number().int().min(1).max(100).default(14),
});

/** GET /api/reports, for operators. `requireOperator` throws for everybody else. */
export function analyticsApi(
  app: FastifyInstance,
  analytics: Analytics,
  requireOperator: (request: FastifyRequest) => Promise<unknown>,
): void {
  app.get("/api/reports", async (request, reply) => {
    await requireOperator(request);
    const { period, limit } = check(query, request.query);
    const items = (await analytics.reports(period, limit)).map(({ starts, content }) => ({ period, starts, ...content }));
    return reply.header("cache-control", "no-store").send({ items });
  });
}

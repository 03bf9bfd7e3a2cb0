import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { Identify } from "../../platform/http/identify.ts";
import { check, problems } from "../../platform/http/problem.ts";
import type { Jobs } from "./jobs.ts";
import type { Job } from "./store.ts";

const listQuery = z.object({ before: z.guid().optional(), limit: z.coerce.number().int().min(1).max(100).default(20) });

/** GET /api/jobs, GET /api/jobs/:id: a person's own, to see how far they are. */
export function jobsApi(app: FastifyInstance, jobs: Jobs, identify: Identify): void {
  app.get("/api/jobs", async (request, reply) => {
    const { userId } = await identify(request);
    const { before, limit } = check(listQuery, request.query);
    const page = await jobs.jobs(userId, { before, limit });
    return reply.header("cache-control", "no-store").send({ items: page.jobs.map(publicJob), next: page.next ?? null });
  });

  app.get<{ Params: { id: string } }>("/api/jobs/:id", async (request, reply) => {
    const { userId } = await identify(request);
    const id = z.guid().safeParse(request.params.id);
    // Another person's job and one that never was look the same.
    const job = id.success ? await jobs.job(userId, id.data) : undefined;
    if (job === undefined) throw problems.notFound("job");
    return reply.header("cache-control", "no-store").send(publicJob(job));
  });
}

/** Why it failed is for operators: the message may name what a person need not know. */
function publicJob({ id, kind, state, progress, note, createdAt, finishedAt }: Job): object {
  return {
    id,
    kind,
    state: state === "dead" ? "failed" : state,
    progress,
    note,
    createdAt: createdAt.toISOString(),
    finishedAt: finishedAt?.toISOString() ?? null,
  };
}

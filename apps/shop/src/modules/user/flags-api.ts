import type { FastifyInstance, FastifyRequest } from "fastify";
import { check, problems } from "../../platform/http/problem.ts";
import type { Identify } from "../../platform/http/identify.ts";
import { type Flag, flagChange, flagName, type Flags, knownFlags } from "./flags.ts";

/** What the routes need. */
export interface FlagsApiNeeds {
  readonly flags: Flags;
  readonly identify: Identify;
  /** Throws for everybody but operators. */
  readonly requireOperator: (request: FastifyRequest) => Promise<unknown>;
}

/** GET /api/me/flags for a person; GET /api/flags and PUT /api/flags/:name for operators. */
export function flagsApi(app: FastifyInstance, { flags, identify, requireOperator }: FlagsApiNeeds): void {
  app.get("/api/me/flags", async (request, reply) => {
    const { userId } = await identify(request);
    const names = Object.keys(knownFlags) as Flag[];
    const entries = await Promise.all(names.map(async (name) => [name, await flags.isOn(name, userId)]));
    return reply.header("cache-control", "no-store").send(Object.fromEntries(entries));
  });

  app.get("/api/flags", async (request, reply) => {
    await requireOperator(request);
    return reply.header("cache-control", "no-store").send(await flags.shares());
  });

  app.put<{ Params: { name: string } }>("/api/flags/:name", async (request, reply) => {
    await requireOperator(request);
    const name = flagName.safeParse(request.params.name);
    if (!name.success) throw problems.notFound("feature");
    await flags.give(name.data, check(flagChange, request.body).percent);
    return reply.header("cache-control", "no-store").send(await flags.shares());
  });
}

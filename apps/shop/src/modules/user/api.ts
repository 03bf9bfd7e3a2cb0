import type { FastifyInstance } from "fastify";
import type { Identify } from "../../platform/http/identify.ts";
import { check, problems } from "../../platform/http/problem.ts";
import type { Auth } from "../auth/index.ts";
import { type Profile, profileChange } from "./profile.ts";
import type { User } from "./user.ts";

/** GET /api/me, PATCH /api/me. */
export function userApi(app: FastifyInstance, user: User, auth: Pick<Auth, "account">, identify: Identify): void {
  const answer = async (userId: string, profile: Profile): Promise<object> => {
    const account = await auth.account(userId);
    // Their account was removed a moment ago.
    if (account === undefined) throw problems.unauthorized();
    return { id: userId, email: account.email, createdAt: account.createdAt.toISOString(), ...profile };
  };

  app.get("/api/me", async (request, reply) => {
    const { userId } = await identify(request);
    return reply.header("cache-control", "no-store").send(await answer(userId, await user.profile(userId)));
  });

  app.patch("/api/me", async (request, reply) => {
    const { userId } = await identify(request);
    const change = check(profileChange, request.body);
    return reply.header("cache-control", "no-store").send(await answer(userId, await user.changeProfile(userId, change)));
  });
}

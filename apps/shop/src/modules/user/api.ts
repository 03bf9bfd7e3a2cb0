import type { FastifyInstance, FastifyReply } from "fastify";
import { z } from "zod";
import type { Identify } from "../../platform/http/identify.ts";
import type { Limiters } from "../../platform/http/limits.ts";
import { check, Problem, problems } from "../../platform/http/problem.ts";
import type { Auth } from "../auth/index.ts";
import { type Profile, profileChange } from "./profile.ts";
import type { User } from "./user.ts";

/** What the routes need. */
export interface UserApiNeeds {
  readonly user: User;
  readonly auth: Pick<Auth, "account" | "confirm">;
  readonly identify: Identify;
  readonly limiters: Limiters;
}

/** What a person who wants to leave has to tell. */
export const deletionForm = z.object({
  password: z.string("Enter your password.").min(1, "Enter your password.").max(200, "Use at most 200 characters."),
});

/** GET and PATCH /api/me; POST /api/me/exports, GET /api/me/exports/:id; POST /api/me/deletion. */
export function userApi(app: FastifyInstance, { user, auth, identify, limiters }: UserApiNeeds): void {
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

  app.post("/api/me/exports", async (request, reply) => {
    const { userId } = await identify(request);
    const id = await user.requestExport(userId);
    return reply
      .code(202)
      .header("location", `/api/me/exports/${id}`)
      .header("cache-control", "no-store")
      .send({ id, job: `/api/jobs/${id}` });
  });

  app.get<{ Params: { id: string } }>("/api/me/exports/:id", async (request, reply) => {
    const { userId } = await identify(request);
    return sendExport(reply, await ownExport(user, userId, request.params.id));
  });

  app.post("/api/me/deletion", async (request, reply) => {
    const { userId } = await identify(request);
    const { password } = check(deletionForm.strict(), request.body);
    await limiters.logIn(request);
    const confirmation = await auth.confirm(userId, password);
    if (confirmation.kind === "limited") throw problems.tooMany("log-ins", confirmation.retryAfterSeconds);
    if (confirmation.kind === "refused")
      throw new Problem({ status: 403, kind: "wrong-credentials", title: "The password is wrong." });
    await user.requestDeletion(userId);
    return reply.code(202).send({ status: "accepted" });
  });
}

/** A person's own copy. @throws Problem 404 while there is none; another's and one that never was look the same */
export async function ownExport(user: User, userId: string, id: string): Promise<Buffer> {
  const guid = z.guid().safeParse(id);
  const content = guid.success ? await user.export(userId, guid.data) : undefined;
  if (content === undefined) throw problems.notFound("copy");
  return content;
}

/** Sends a copy as a file. */
export function sendExport(reply: FastifyReply, content: Buffer): FastifyReply {
  return reply
    .header("cache-control", "no-store")
    .header("content-disposition", 'attachment; filename="my-data.json.gz"')
    .type("application/gzip")
    .send(content);
}

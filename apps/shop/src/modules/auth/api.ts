import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Limiters } from "../../platform/http/limits.ts";
import { check, Problem, problems } from "../../platform/http/problem.ts";
import type { Auth, Session } from "./auth.ts";
import { logInForm, newAccount } from "./input.ts";

/** POST /api/users, POST /api/sessions, DELETE /api/sessions/current. */
export function authApi(app: FastifyInstance, auth: Auth, limiters: Limiters): void {
  app.post("/api/users", async (request, reply) => {
    await limiters.signUp(request);
    const { email, password } = check(newAccount.strict(), request.body);
    await auth.signUp(email, password);
    return reply.code(202).send({ status: "accepted", next: "POST /api/sessions" });
  });

  app.post("/api/sessions", async (request, reply) => {
    await limiters.logIn(request);
    const { email, password } = check(logInForm.strict(), request.body);
    const result = await auth.logIn(email, password);
    if (result.kind === "limited") throw problems.tooMany("log-ins", result.retryAfterSeconds);
    if (result.kind === "refused")
      throw new Problem({ status: 401, kind: "wrong-credentials", title: "The e-mail address or the password is wrong." });
    void reply.code(201).header("cache-control", "no-store");
    return { token: result.token, tokenType: "Bearer", expiresAt: result.expiresAt.toISOString() };
  });

  app.delete("/api/sessions/current", async (request, reply) => {
    await auth.logOut(await requireSession(auth, request));
    return reply.code(204).send();
  });
}

/** Who sent the bearer token. @throws Problem 401 */
export async function requireSession(auth: Auth, request: FastifyRequest): Promise<Session> {
  const [, token] = /^Bearer ([\w.~+/-]+=*)$/i.exec(request.headers.authorization ?? "") ?? [];
  const session = token === undefined ? undefined : await auth.authenticate(token);
  if (session === undefined) throw problems.unauthorized();
  return session;
}

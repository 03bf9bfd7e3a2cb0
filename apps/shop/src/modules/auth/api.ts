import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Limiters } from "../../platform/http/limits.ts";
import { check, Problem, problems } from "../../platform/http/problem.ts";
import type { Auth, Session } from "./auth.ts";
import { forgotForm, logInForm, newAccount, refreshRequest, resetForm } from "./input.ts";
import type { Grant } from "./sessions.ts";

/** Others keep a copy of the keys for so long; a new key is published an hour before it signs. */
const KEYS_CACHE = "public, max-age=300";

/** POST /api/users; POST /api/password-resets, POST /api/passwords; POST /api/sessions, POST /api/sessions/refresh, DELETE /api/sessions, DELETE /api/sessions/current; GET /.well-known/jwks.json. */
export function authApi(app: FastifyInstance, auth: Auth, limiters: Limiters): void {
  app.post("/api/users", async (request, reply) => {
    await limiters.signUp(request);
    const { email, password } = check(newAccount.strict(), request.body);
    await auth.signUp(email, password);
    return reply.code(202).send({ status: "accepted", next: "POST /api/sessions" });
  });

  app.post("/api/password-resets", async (request, reply) => {
    await limiters.logIn(request);
    const { email } = check(forgotForm.strict(), request.body);
    await auth.requestPasswordReset(email);
    return reply.code(202).send({ status: "accepted", next: "POST /api/passwords" });
  });

  app.post("/api/passwords", async (request, reply) => {
    await limiters.logIn(request);
    const { token, password } = check(resetForm.strict(), request.body);
    if (!(await auth.resetPassword(token, password)))
      throw new Problem({
        status: 422,
        kind: "reset-expired",
        title: "This link does not work any more.",
        detail: "Ask for another one: POST /api/password-resets.",
      });
    return reply.code(204).send();
  });

  app.post("/api/sessions", async (request, reply) => {
    await limiters.logIn(request);
    const { email, password } = check(logInForm.strict(), request.body);
    const result = await auth.logIn(email, password);
    if (result.kind === "limited") throw problems.tooMany("log-ins", result.retryAfterSeconds);
    if (result.kind === "refused")
      throw new Problem({ status: 401, kind: "wrong-credentials", title: "The e-mail address or the password is wrong." });
    return reply.code(201).header("cache-control", "no-store").send(publicGrant(result.grant));
  });

  app.post("/api/sessions/refresh", async (request, reply) => {
    const { refreshToken } = check(refreshRequest, request.body);
    const grant = await auth.prolong(refreshToken);
    if (grant === undefined)
      throw new Problem({ status: 401, kind: "session-ended", title: "The session has ended.", detail: "Log in again." });
    return reply.code(201).header("cache-control", "no-store").send(publicGrant(grant));
  });

  app.delete("/api/sessions", async (request, reply) => {
    const { userId } = await requireSession(auth, request);
    await auth.logOutEverywhere(userId);
    return reply.code(204).send();
  });

  app.delete("/api/sessions/current", async (request, reply) => {
    await auth.logOut(await requireSession(auth, request));
    return reply.code(204).send();
  });

  app.get("/.well-known/jwks.json", async (_request, reply) =>
    reply
      .header("cache-control", KEYS_CACHE)
      .type("application/jwk-set+json")
      .send(JSON.stringify(await auth.publicKeys())),
  );
}

function publicGrant({ token, expiresAt, refreshToken, refreshExpiresAt }: Grant): object {
  return {
    token,
    tokenType: "Bearer",
    expiresAt: expiresAt.toISOString(),
    refreshToken,
    refreshExpiresAt: refreshExpiresAt.toISOString(),
  };
}

/** The operator who sent the bearer token. @throws Problem 401, or 403 for everybody else */
export async function requireOperator(auth: Auth, request: FastifyRequest): Promise<Session> {
  const session = await requireSession(auth, request);
  if (await auth.isOperator(session.userId)) return session;
  throw new Problem({ status: 403, kind: "operators-only", title: "This is for operators." });
}

/** Who sent the bearer token. @throws Problem 401 */
export async function requireSession(auth: Auth, request: FastifyRequest): Promise<Session> {
  const [, token] = /^Bearer ([\w.~+/-]+=*)$/i.exec(request.headers.authorization ?? "") ?? [];
  const session = token === undefined ? undefined : await auth.authenticate(token);
  if (session === undefined) throw problems.unauthorized();
  return session;
}

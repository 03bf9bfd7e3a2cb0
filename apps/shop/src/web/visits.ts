import type { FastifyReply, FastifyRequest } from "fastify";
import type { Auth, Grant, Session } from "../modules/auth/index.ts";
import type { Cookies } from "../platform/http/cookies.ts";
import type { Csrf } from "../platform/http/csrf.ts";
import { Problem } from "../platform/http/problem.ts";
import type { Assets } from "./assets.ts";
import type { Frame, Render } from "./views.ts";

/** What pages are made with. */
export interface PageKit {
  readonly auth: Auth;
  readonly cookies: Cookies;
  readonly csrf: Csrf;
  readonly render: Render;
  readonly assets: Assets;
}

/** One person's request for a page. */
export interface Visit {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly session: Session | undefined;
}

/** Finds out who is there, and prolongs their session when its token has expired. Costs nothing for somebody without a session's cookie. */
export async function visit(kit: PageKit, request: FastifyRequest, reply: FastifyReply): Promise<Visit> {
  const { auth, cookies } = kit;
  const token = cookies.session.read(request);
  const session = token === undefined ? undefined : await auth.authenticate(token);
  return { request, reply, session: session ?? (await prolonged(kit, request, reply)) };
}

async function prolonged({ auth, cookies }: PageKit, request: FastifyRequest, reply: FastifyReply): Promise<Session | undefined> {
  const refreshToken = cookies.refresh.read(request);
  if (refreshToken === undefined) return undefined;
  const grant = await auth.prolong(refreshToken);
  if (grant === undefined) leave(cookies, reply);
  else enter(cookies, reply, grant);
  return grant?.session;
}

/** Lets a browser in. Both cookies live as long as the session: a token that has expired is the sign that there is one to prolong. */
export function enter(cookies: Cookies, reply: FastifyReply, { token, refreshToken, refreshExpiresAt }: Grant): void {
  cookies.session.write(reply, token, refreshExpiresAt);
  cookies.refresh.write(reply, refreshToken, refreshExpiresAt);
}

/** Lets a browser forget its session. */
export function leave(cookies: Cookies, reply: FastifyReply): void {
  cookies.session.clear(reply);
  cookies.refresh.clear(reply);
}

/** Sends a page. Pages with a form carry the token that its answer must bring back. */
export function sendPage(
  kit: PageKit,
  { request, reply, session }: Visit,
  page: {
    readonly view: string;
    readonly title: string;
    readonly status?: number;
    readonly form?: boolean;
    readonly content: object;
  },
): FastifyReply {
  const needsToken = session !== undefined || page.form === true;
  const csrf = needsToken ? kit.csrf.token(request, reply, session?.sessionId) : "";
  const frame: Frame = {
    title: page.title === "" ? "Quiet Kiln" : `${page.title} · Quiet Kiln`,
    nav: session === undefined ? "out" : "in",
    csrf,
  };
  return sendHtml(reply.code(page.status ?? 200), kit.render(page.view, { ...page.content, ...frame }));
}

/** Tells a person what went wrong. */
export function sendProblemPage(render: Render, request: FastifyRequest, reply: FastifyReply, problem: Problem): FastifyReply {
  const { status, title, detail } = problem.fields;
  const content = { heading: title, detail: forPeople(status, detail), traceId: status >= 500 ? request.traceId : "" };
  const frame: Frame = { title: `${title} · Quiet Kiln`, nav: "none", csrf: "" };
  return sendHtml(reply.code(status), render("message", { ...content, ...frame }));
}

/** Pages are one person's: a shared cache must not keep them, and the browser asks each time. */
function sendHtml(reply: FastifyReply, html: string): FastifyReply {
  return reply.header("cache-control", "private, no-cache").type("text/html; charset=utf-8").send(html);
}

function forPeople(status: number, detail: string | undefined): string {
  if (status === 404) return "Perhaps it has moved, or the address has a slip in it.";
  if (status === 400) return "Something in the address or the form is not as it should be.";
  return detail ?? "";
}

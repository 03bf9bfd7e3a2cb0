import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Cookies } from "./cookies.ts";
import { problems } from "./problem.ts";

/**
 * Tokens in forms, so that only our own pages can send them: a signed double submit bound to the session
 * (OWASP Cross-Site Request Forgery Prevention Cheat Sheet, "Signed Double-Submit Cookie"). Who is not logged in is bound to a random cookie instead.
 */
export interface Csrf {
  /** The token for the hidden field `_csrf` of a form on this page. */
  token(request: FastifyRequest, reply: FastifyReply, sessionId: string | undefined): string;
  /** @throws Problem 403 unless the form came from one of our pages. */
  verify(request: FastifyRequest, sessionId: string | undefined): void;
}

/** `key` is asked for when the first form is made. */
export function createCsrf(key: () => Buffer, cookies: Cookies): Csrf {
  const sign = (bound: string): string => createHmac("sha256", key()).update(bound).digest("base64url");
  return {
    token(request, reply, sessionId) {
      if (sessionId !== undefined) return sign(`session ${sessionId}`);
      const visitor = cookies.visitor.read(request) ?? randomBytes(18).toString("base64url");
      cookies.visitor.write(reply, visitor);
      return sign(`visitor ${visitor}`);
    },
    verify(request, sessionId) {
      // Browsers say where a request comes from; a page of another site has no business here, token or not.
      if (request.headers["sec-fetch-site"] === "cross-site") throw problems.forgedForm();
      const visitor = cookies.visitor.read(request);
      const bound = sessionId === undefined ? visitor && `visitor ${visitor}` : `session ${sessionId}`;
      const sent = (request.body as Record<string, unknown> | undefined)?.["_csrf"];
      if (bound === undefined || typeof sent !== "string" || !equal(sent, sign(bound))) throw problems.forgedForm();
    },
  };
}

function equal(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

import type { FastifyInstance } from "fastify";
import helmet from "helmet";

/** Headers that make browsers stricter. Pages hold no script and no inline style, so the policy allows none. `secure` also keeps browsers on TLS. */
export function securityHeaders(app: FastifyInstance, secure: boolean): void {
  // Made once: @fastify/helmet makes it anew for every request.
  const protect = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'"],
        formAction: ["'self'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    referrerPolicy: { policy: "same-origin" },
    strictTransportSecurity: secure && { maxAge: 365 * 24 * 3600, includeSubDomains: false },
  });
  app.addHook("onRequest", (request, reply, done) => protect(request.raw, reply.raw, done as (error?: unknown) => void));
}

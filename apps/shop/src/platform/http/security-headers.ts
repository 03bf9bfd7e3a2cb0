import type { IncomingMessage, ServerResponse } from "node:http";
import type { FastifyInstance } from "fastify";
import helmet, { type HelmetOptions } from "helmet";

/** Headers that make browsers stricter. Pages hold no script and no inline style, so the policy allows none. `secure` also keeps browsers on TLS. */
export function securityHeaders(app: FastifyInstance, secure: boolean): void {
  const headers = headersOf({
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
    // For Internet Explorer and Flash.
    xDownloadOptions: false,
    xPermittedCrossDomainPolicies: false,
    xXssProtection: false,
  });
  app.addHook("onRequest", (_request, reply, done) => {
    void reply.headers(headers);
    done();
  });
}

/** What helmet sets, found out once: it is the same for every answer, and helmet itself (as well as its plugin for Fastify) works it out each time. */
function headersOf(options: Readonly<HelmetOptions>): Record<string, string> {
  const headers: Record<string, string> = {};
  // It looks at no request.
  const request = undefined as unknown as IncomingMessage;
  const response = {
    setHeader: (name: string, value: string) => (headers[name.toLowerCase()] = value),
    removeHeader: () => undefined,
  };
  helmet(options)(request, response as unknown as ServerResponse, (error) => {
    if (error !== undefined) throw new Error("the security headers are wrong", { cause: error });
  });
  return headers;
}

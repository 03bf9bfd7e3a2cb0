import { createHmac } from "node:crypto";
import { sameSecret } from "../control/same-secret.ts";

/** Why a request is turned away: the status and the words. */
export interface Refusal {
  readonly status: 401 | 403;
  readonly reason: string;
}

/** What of a request decides whether it may pass. */
export interface GuardedRequest {
  readonly method: string;
  readonly host: string | undefined;
  readonly origin: string | undefined;
  readonly cookie: string | undefined;
}

/** The key to the console: the token once, and the cookie that it is exchanged for. */
export class Guard {
  private readonly token: string;
  private readonly session: string;

  constructor(token: string) {
    this.token = token;
    // The cookie is made of the token but is not it: who reads a browser's cookies has the console, not the control API.
    this.session = createHmac("sha256", token).update("console session").digest("base64url");
  }

  /**
   * Turns away other machines' names for this one (DNS rebinding), other sites' requests, and those without the key; undefined lets pass.
   * The port in `Host` is not compared, so the console may stand behind a forwarded port.
   */
  refuse(request: GuardedRequest): Refusal | undefined {
    if (!isLoopbackHost(request.host))
      return { status: 403, reason: `the console answers only to 127.0.0.1 and localhost, not to "${request.host ?? ""}"` };
    const changes = request.method !== "GET" && request.method !== "HEAD";
    if (changes && request.origin !== `http://${request.host ?? ""}`)
      return { status: 403, reason: "the request comes from another site" };
    return this.holdsSession(request)
      ? undefined
      : { status: 401, reason: "the console is locked; open it with: npm run sandbox -- open" };
  }

  /** Whether this is the token that opens the console. */
  opens(token: string): boolean {
    return sameSecret(token, this.token);
  }

  /** The `Set-Cookie` header that lets this browser in until it is closed. */
  setCookie(host: string | undefined): string {
    return `${cookieName(host)}=${this.session}; Path=/; HttpOnly; SameSite=Strict`;
  }

  private holdsSession({ cookie = "", host }: GuardedRequest): boolean {
    const name = cookieName(host);
    const values = cookie.split(";").flatMap((pair) => {
      const [key, value] = pair.trim().split("=");
      return key === name && value !== undefined ? [value] : [];
    });
    return values.some((value) => sameSecret(value, this.session));
  }
}

/** Whether a `Host` header names this machine's loopback address. */
export function isLoopbackHost(host: string | undefined): boolean {
  return host !== undefined && /^(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?$/.test(host);
}

/** Browsers send one host's cookies to all its ports: two sandboxes must not take each other's. */
function cookieName(host: string | undefined): string {
  return `sandbox-console-${host?.match(/:(\d+)$/)?.[1] ?? "80"}`;
}

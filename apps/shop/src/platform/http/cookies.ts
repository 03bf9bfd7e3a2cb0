import type { FastifyReply, FastifyRequest } from "fastify";

/** One cookie of ours. */
export interface Cookie {
  read(request: FastifyRequest): string | undefined;
  write(reply: FastifyReply, value: string, expires?: Date): void;
  clear(reply: FastifyReply): void;
}

/** Every cookie that the product sets: none is for scripts to read. */
export interface Cookies {
  /** The session's token: who it is, for a short time. */
  readonly session: Cookie;
  /** What the next token is got with. */
  readonly refresh: Cookie;
  /** A random value that ties a form to the browser it was made for, before there is a session. */
  readonly visitor: Cookie;
}

/** With `secure` the names get the prefix that makes browsers refuse the cookie from anywhere but this very host over TLS. */
export function createCookies(secure: boolean): Cookies {
  const make = (label: string): Cookie => {
    const name = secure ? `__Host-${label}` : label;
    const attributes = { path: "/", httpOnly: true, sameSite: "lax", secure } as const;
    return {
      read: (request) => request.cookies[name],
      write: (reply, value, expires) =>
        void reply.setCookie(name, value, { ...attributes, ...(expires !== undefined && { expires }) }),
      clear: (reply) => void reply.clearCookie(name, attributes),
    };
  };
  return { session: make("session"), refresh: make("refresh"), visitor: make("visitor") };
}

import { createHmac, timingSafeEqual } from "node:crypto";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Database } from "../database/database.ts";
import { onBehalfOf, type Reading } from "../database/routing.ts";

/** Carries the position to programs and back; browsers carry it in a cookie. */
export const READ_AFTER = "read-after";
/** How long a browser brings it back: a replica that is read from is behind by a fraction of this. */
const SECONDS = 30;

const readings = new WeakMap<FastifyRequest, Reading>();

/** What this needs. */
export interface ReadYourWritesNeeds {
  readonly database: Pick<Database, "position">;
  /** Signs positions, so that nobody has all their reads sent to the writer. */
  readonly key: () => Buffer;
  /** Whether cookies are for TLS only. */
  readonly secure: boolean;
}

/**
 * Whoever writes gets the position of the writer's log with the answer, as a cookie and in the header `Read-After`. A request that brings it is answered from a
 * replica only when that has come so far. A position that we have not signed counts as none.
 */
export function readYourWrites(app: FastifyInstance, { database, key, secure }: ReadYourWritesNeeds): void {
  const cookie = secure ? `__Host-${READ_AFTER}` : READ_AFTER;
  const sign = (position: string): string => createHmac("sha256", key()).update(position).digest("base64url").slice(0, 22);
  const after = (request: FastifyRequest): string | undefined => {
    const sent = request.headers[READ_AFTER] ?? request.cookies[cookie];
    const [position, mac] = typeof sent === "string" ? sent.split(".") : [];
    return position !== undefined && mac !== undefined && equal(mac, sign(position)) ? position : undefined;
  };
  app.addHook("onRequest", (request, _reply, done) => {
    const reading: Reading = { after: after(request), wrote: false };
    readings.set(request, reading);
    onBehalfOf(reading, done);
  });
  // A body comes in through events of the connection, which know nothing of the request.
  app.addHook("preValidation", (request, _reply, done) => {
    onBehalfOf(readings.get(request) ?? { after: undefined, wrote: false }, done);
  });
  app.addHook("onSend", async (request, reply) => {
    if (readings.get(request)?.wrote !== true) return;
    const position = await database.position();
    const signed = `${position}.${sign(position)}`;
    void reply.header(READ_AFTER, signed);
    void reply.setCookie(cookie, signed, { path: "/", httpOnly: true, sameSite: "lax", secure, maxAge: SECONDS });
  });
}

function equal(one: string, other: string): boolean {
  const [left, right] = [Buffer.from(one), Buffer.from(other)];
  return left.length === right.length && timingSafeEqual(left, right);
}

import type { IncomingMessage } from "node:http";
import { isIP } from "node:net";

/**
 * The header in which a client says from which address it comes. On this machine all come from 127.0.0.1: a load generator that plays many clients says which one
 * it is, so that firewalls and logs tell them apart. What takes a request in first believes it and drops it.
 */
export const CLIENT_HEADER = "x-sandbox-client";

/** The address of the client: the one that it plays, or that of its connection. */
export function clientAddress({ headers, socket }: Pick<IncomingMessage, "headers" | "socket">): string {
  const played = headers[CLIENT_HEADER];
  if (typeof played === "string" && isIP(played) !== 0) return played;
  return (socket.remoteAddress ?? "").replace(/^::ffff:/, "");
}

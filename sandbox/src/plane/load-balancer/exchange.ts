import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";

/** A request and its answer on their way through a load balancer, for access logs. */
export interface Exchange {
  readonly request: IncomingMessage;
  /** The tracing header with which a target gets it. */
  readonly trace: string;
  /** When it came, in milliseconds since the epoch. */
  readonly receivedAt: number;
  /** The same, as `performance.now()` counts. */
  readonly beganAt: number;
  /** When it was passed on, as `performance.now()` counts. @default - it was not */
  passedAt?: number;
  /** The priority of the rule that it met; 0 for the default action, -1 where no rule was asked. */
  priority: number;
  /** Where the client was sent. @default - nowhere */
  location?: string;
  /** Whether a firewall looked at it. */
  inspected: boolean;
}

/** Bytes of one exchange on its connection, both ways. */
export interface Traffic {
  readonly received: number;
  readonly sent: number;
}

const counted = new WeakMap<Socket, Traffic>();

/** What has passed on the connection of a request since this was asked for last: with one request at a time, that is all of this one. */
export function trafficOf({ socket }: IncomingMessage): Traffic {
  const before = counted.get(socket) ?? { received: 0, sent: 0 };
  const now = { received: socket.bytesRead, sent: socket.bytesWritten };
  counted.set(socket, now);
  return { received: now.received - before.received, sent: now.sent - before.sent };
}

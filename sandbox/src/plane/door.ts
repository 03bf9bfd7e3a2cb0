import { createServer, type IncomingHttpHeaders, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { Pool } from "undici";
import { unavailablePage } from "./door-page.ts";
import { codeOf, forward, hasBody, without } from "./forward.ts";

/** Where a door leads now. */
export interface DoorTarget {
  /** The local port behind it. */
  readonly port: number;
  /** What stands there, for people: `the server i-0123`. */
  readonly what: string;
  /** Where its output can be read: the name for `sandbox logs`. */
  readonly log: string;
}

/** How patient a door is. */
export interface DoorPatience {
  /** How long a request waits for a program that is being started again, in milliseconds. @default 3000 */
  readonly restartMs?: number;
  /** How long a program may take until it begins to answer, in milliseconds. @default 300_000 */
  readonly answerMs?: number;
}

/** The methods that may be sent twice (RFC 9110, section 9.2.2) and carry no body that would be used up. */
const REPEATABLE = ["GET", "HEAD", "OPTIONS", "TRACE"];
const RESTART_MS = 3000;
const ANSWER_MS = 300_000;
const RETRY_PAUSE_MS = 100;
/** Errors of a connection that never stood: nothing was sent, so anything may be sent again. */
const NEVER_STOOD = ["ECONNREFUSED", "UND_ERR_CONNECT_TIMEOUT"];
/** Errors of a connection that ended before any answer. */
const LOST = ["ECONNRESET", "EPIPE", "UND_ERR_SOCKET"];
/** What only the proxy itself may say: a client's own claims are dropped, as Caddy does for clients it does not trust. */
const FORWARDED = ["forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto"];
const CONNECTIONS = 64;

/**
 * A reverse proxy on a port of 127.0.0.1: what the sandbox has in place of a server's public address and its TLS proxy. Requests wait a moment for a program that
 * is being started again. Connections are not upgraded: a request for a WebSocket reaches the program as an ordinary one.
 */
export class Door {
  readonly port: number;
  private readonly server: Server;
  private readonly patience: Required<DoorPatience>;
  private target: DoorTarget | string;
  private pool: Pool | undefined;

  private constructor(port: number, target: DoorTarget | string, patience: DoorPatience) {
    this.port = port;
    this.patience = { restartMs: RESTART_MS, answerMs: ANSWER_MS, ...patience };
    this.server = createServer({ keepAliveTimeout: 30_000 }, (request, response) => void this.handle(request, response));
    this.target = "";
    this.lead(target);
  }

  /** Opens a door that leads to a target, or says why there is none. Rejects if somebody else has the port. */
  static async open(port: number, target: DoorTarget | string, patience: DoorPatience = {}): Promise<Door> {
    const door = new Door(port, target, patience);
    await new Promise<void>((resolve, reject) => {
      door.server.once("error", reject);
      door.server.listen(port, "127.0.0.1", resolve);
    });
    return door;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Lets it lead elsewhere, or say why there is nothing. Requests that are under way end where they began. */
  lead(target: DoorTarget | string): void {
    const portOf = (one: DoorTarget | string): number | undefined => (typeof one === "string" ? undefined : one.port);
    if (portOf(target) !== portOf(this.target)) {
      // Closing waits for what is under way; an error of a dying target is of no interest any more.
      this.pool?.close().catch(() => undefined);
      // A page may be streamed with pauses of any length (server-sent events).
      const options = { connections: CONNECTIONS, headersTimeout: this.patience.answerMs, bodyTimeout: 0 };
      this.pool = typeof target === "string" ? undefined : new Pool(`http://127.0.0.1:${target.port}`, options);
    }
    this.target = target;
  }

  /** Stops listening and ends every connection. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => {
      this.server.close(() => {
        resolve();
      });
    });
    this.server.closeAllConnections();
    await this.pool?.destroy();
    this.pool = undefined;
    await closed;
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.on("error", () => undefined);
    const deadline = performance.now() + this.patience.restartMs;
    for (;;) {
      const { pool, target } = this;
      if (pool === undefined || typeof target === "string") {
        const reason = typeof target === "string" ? target : "The sandbox is stopping.";
        unavailablePage(request, response, { status: 503, reason });
        return;
      }
      try {
        await forward(pool, request, response, { headers: requestHeaders(request) });
        return;
      } catch (error) {
        if (response.headersSent || response.destroyed) {
          // The answer was cut off half-way: the client must notice.
          response.destroy();
          return;
        }
        const code = codeOf(error);
        if (performance.now() >= deadline || !mayRepeat(request, code)) {
          unavailablePage(request, response, { ...explained(code, target), log: target.log });
          return;
        }
        await delay(RETRY_PAUSE_MS);
      }
    }
  }
}

/** Whether the request may be sent again after such an error; a door that leads elsewhere by now takes it there. */
function mayRepeat(request: IncomingMessage, code: string): boolean {
  if (NEVER_STOOD.includes(code) || code === "UND_ERR_CLOSED") return true;
  return LOST.includes(code) && REPEATABLE.includes(request.method ?? "") && !hasBody(request);
}

function requestHeaders(request: IncomingMessage): IncomingHttpHeaders {
  return {
    ...without(request.headers, FORWARDED),
    "x-forwarded-for": request.socket.remoteAddress ?? "",
    "x-forwarded-host": request.headers.host ?? "",
    "x-forwarded-proto": "http",
  };
}

function explained(code: string, { what }: DoorTarget): { status: number; reason: string } {
  if (code === "UND_ERR_INVALID_ARG") return { status: 400, reason: "Such a request cannot be passed on." };
  if (code === "UND_ERR_HEADERS_TIMEOUT") return { status: 504, reason: `${what} took too long to answer.` };
  if (code === "ECONNREFUSED")
    return { status: 503, reason: `${what} is starting, or has stopped: it takes no connections yet.` };
  return { status: 502, reason: `${what} ended the connection before it answered (${code}).` };
}

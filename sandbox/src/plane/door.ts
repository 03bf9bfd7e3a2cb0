import { createServer, type IncomingHttpHeaders, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { Pool } from "undici";
import { CLIENT_HEADER, clientAddress } from "./client-address.ts";
import { unavailablePage } from "./door-page.ts";
import { codeOf, forward, hasBody, without } from "./forward.ts";

/** Where a door leads now. */
export interface DoorTarget {
  /** The local port behind it. */
  readonly port: number;
  /** What stands there, for people: `the server i-0123`. */
  readonly what: string;
  /** Where its output can be read: the name for `sandbox logs`. @default - nowhere */
  readonly log?: string;
  /** Whether the door plays the TLS proxy before it, which tells who asks; it tells nothing of its own otherwise. @default true */
  readonly proxied?: boolean;
}

/** Where a door leads, or why it leads nowhere; or what finds that out for each request. */
export type Lead = DoorTarget | string | (() => DoorTarget | string);

/** How patient a door is. */
export interface DoorPatience {
  /** How long a request waits for a program that is being started again, in milliseconds. @default 3000 */
  readonly restartMs?: number;
  /** How long a program may take until it begins to answer, in milliseconds. @default 300_000 */
  readonly answerMs?: number;
}

/** What else a door may have. */
export interface DoorOptions extends DoorPatience {
  /**
   * The name for which it stands. Who asks for this machine asks for that name, as a client does that resolves it, and who is sent on to the name comes to the
   * door again. @default - requests keep the host that they ask for
   */
  readonly name?: string;
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
const FORWARDED = ["forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", CLIENT_HEADER];
const CONNECTIONS = 64;
/** So many places a door keeps connections to, if it is led to and fro between them. */
const MOST_POOLS = 8;
/** How programs of this machine call it. */
const LOOPBACK = /^(127\.0\.0\.1|localhost)(:\d+)?$/;

/**
 * A reverse proxy on a port of 127.0.0.1: what the sandbox has in place of a server's public address and its TLS proxy. Requests wait a moment for a program that
 * is being started again. Connections are not upgraded: a request for a WebSocket reaches the program as an ordinary one.
 */
export class Door {
  readonly port: number;
  private readonly server: Server;
  private readonly patience: Required<DoorPatience>;
  private readonly name: string | undefined;
  private readonly pools = new Map<number, Pool>();
  private find: () => DoorTarget | string = () => "The sandbox is starting.";

  private constructor(port: number, lead: Lead, { name, ...patience }: DoorOptions) {
    this.port = port;
    this.name = name;
    this.patience = { restartMs: RESTART_MS, answerMs: ANSWER_MS, ...patience };
    this.server = createServer({ keepAliveTimeout: 30_000 }, (request, response) => void this.handle(request, response));
    this.lead(lead);
  }

  /** Opens a door that leads to a target, or says why there is none. Rejects if somebody else has the port. */
  static async open(port: number, lead: Lead, options: DoorOptions = {}): Promise<Door> {
    const door = new Door(port, lead, options);
    await new Promise<void>((resolve, reject) => {
      door.server.once("error", reject);
      door.server.listen(port, "127.0.0.1", resolve);
    });
    return door;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Where it leads now, or why it leads nowhere. */
  get target(): DoorTarget | string {
    return this.find();
  }

  /** Lets it lead elsewhere, or say why there is nothing. Requests that are under way end where they began. */
  lead(lead: Lead): void {
    this.find = typeof lead === "function" ? lead : () => lead;
    if (typeof lead === "function") return;
    for (const port of this.pools.keys()) if (typeof lead === "string" || lead.port !== port) this.leave(port);
  }

  /** Stops listening and ends every connection. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => {
      this.server.close(() => {
        resolve();
      });
    });
    this.server.closeAllConnections();
    this.find = () => "The sandbox is stopping.";
    const pools = [...this.pools.values()];
    this.pools.clear();
    await Promise.all(pools.map((pool) => pool.destroy()));
    await closed;
  }

  private poolTo(port: number): Pool {
    const known = this.pools.get(port);
    if (known !== undefined) return known;
    // A page may be streamed with pauses of any length (server-sent events).
    const options = { connections: CONNECTIONS, headersTimeout: this.patience.answerMs, bodyTimeout: 0 };
    const pool = new Pool(`http://127.0.0.1:${port}`, options);
    this.pools.set(port, pool);
    const [oldest] = this.pools.keys();
    if (this.pools.size > MOST_POOLS && oldest !== undefined) this.leave(oldest);
    return pool;
  }

  private leave(port: number): void {
    // Closing waits for what is under way; an error of a dying target is of no interest any more.
    this.pools
      .get(port)
      ?.close()
      .catch(() => undefined);
    this.pools.delete(port);
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.on("error", () => undefined);
    const deadline = performance.now() + this.patience.restartMs;
    for (;;) {
      const { target } = this;
      if (typeof target === "string") {
        unavailablePage(request, response, { status: 503, reason: target });
        return;
      }
      try {
        await forward(this.poolTo(target.port), request, response, {
          headers: requestHeaders(request, target, this.name),
          answer: (_status, headers) => this.ledBack(headers),
        });
        return;
      } catch (error) {
        if (response.headersSent || response.destroyed) {
          // The answer was cut off half-way: the client must notice.
          response.destroy();
          return;
        }
        const code = codeOf(error);
        if (performance.now() >= deadline || !mayRepeat(request, code)) {
          const { log } = target;
          unavailablePage(request, response, { ...explained(code, target), ...(log !== undefined && { log }) });
          return;
        }
        await delay(RETRY_PAUSE_MS);
      }
    }
  }

  /** Who is sent on to the name that the door stands for comes to the door again. */
  private ledBack(headers: IncomingHttpHeaders): IncomingHttpHeaders {
    const { location } = headers;
    if (this.name === undefined || location === undefined) return headers;
    const [, host = "", rest = ""] = /^https?:\/\/([^/?#:]*)(?::\d+)?(.*)$/is.exec(location) ?? [];
    return host.toLowerCase() === this.name ? { ...headers, location: `${this.url}${rest}` } : headers;
  }
}

/** Whether the request may be sent again after such an error; a door that leads elsewhere by now takes it there. */
function mayRepeat(request: IncomingMessage, code: string): boolean {
  if (NEVER_STOOD.includes(code) || code === "UND_ERR_CLOSED") return true;
  return LOST.includes(code) && REPEATABLE.includes(request.method ?? "") && !hasBody(request);
}

function requestHeaders(request: IncomingMessage, { proxied = true }: DoorTarget, name: string | undefined): IncomingHttpHeaders {
  const asked = request.headers.host ?? "";
  const host = name !== undefined && LOOPBACK.test(asked) ? name : asked;
  if (!proxied) return { ...without(request.headers, []), host };
  return {
    ...without(request.headers, FORWARDED),
    host,
    "x-forwarded-for": clientAddress(request),
    "x-forwarded-host": host,
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

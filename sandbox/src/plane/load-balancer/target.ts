import { createHash } from "node:crypto";
import { Pool } from "undici";
import { Health } from "./health.ts";

/** Where a target takes connections: a local port, undefined where nothing of it listens there, or `stopped` for a server that does not run. */
export type Location = number | undefined | "stopped";

/** A target as it is registered. */
export interface Registration {
  /** The id of the server. */
  readonly id: string;
  /** The port of the server that gets the traffic. */
  readonly port: number;
  /** The Availability Zone that it stands in. */
  readonly zone: string;
  /** Finds the local port behind a port of the server. */
  readonly locate: (port: number) => Location | Promise<Location>;
}

/** How long a connection to a target may take to stand (Elastic Load Balancing User Guide, "HTTP 504: Gateway timeout"). */
const CONNECT_MS = 10_000;

/** One target of a group: its connections, its health, and what is under way at it. */
export class Target {
  readonly registration: Registration;
  /** What stands for it in a cookie: nobody can tell from that what it is. */
  readonly cookie: string;
  readonly health = new Health();
  /** Requests that it has not answered yet. */
  inFlight = 0;
  /** When its health is looked at next, in milliseconds since the epoch. */
  nextCheckAt: number;
  /** When it entered slow start; undefined where it takes its full share. */
  slowSince: number | undefined;
  /** Whether it gets less than its share at first when it becomes healthy next. */
  startsSlowly = false;
  /** When it is forgotten; undefined while it is registered. */
  drainsUntil: number | undefined;
  private known: { readonly port: number; readonly pool: Pool } | undefined;

  constructor(registration: Registration, group: string, now: number) {
    this.registration = registration;
    this.cookie = createHash("sha256").update(`${group}\0${registration.id}\0${registration.port}`).digest("base64url");
    this.nextCheckAt = now;
  }

  /** Its connections, or undefined where nothing listens. Looks only once for where that is; see {@link locate}. */
  async connections(): Promise<Pool | undefined> {
    if (this.known === undefined) await this.locate(this.registration.port);
    return this.known?.pool;
  }

  /** Where it takes connections on that port now. Traffic goes there from now on if it is the port of its traffic. */
  async locate(port: number): Promise<Location> {
    const location = await this.registration.locate(port);
    if (port === this.registration.port) this.lead(typeof location === "number" ? location : undefined);
    return location;
  }

  /** Ends its connections once what is under way is through. */
  close(): void {
    this.lead(undefined);
  }

  private lead(port: number | undefined): void {
    if (port === this.known?.port) return;
    // Closing waits for what is under way; an error of a dying target is of no interest any more.
    this.known?.pool.close().catch(() => undefined);
    const connect = { timeout: CONNECT_MS };
    this.known = port === undefined ? undefined : { port, pool: new Pool(`http://127.0.0.1:${port}`, { connect }) };
  }
}

import { setTimeout as delay } from "node:timers/promises";
import { PostgresBackend } from "./postgres-backend.ts";

/** What connections of a pool are alike in: a session gets only one that was opened with the same. */
export interface PoolKey {
  readonly user: string;
  readonly database: string;
  /** Configuration parameters that the client asked for when it connected. */
  readonly settings: ReadonlyMap<string, string>;
}

/** How a pool behaves; asked each time, because it may be changed while it is used. */
export interface PoolOptions {
  /** Local ports of the servers that may be used now; none while there is no writer. */
  readonly targets: () => readonly number[];
  /** Connections to one server at most. */
  readonly limit: () => number;
  /** Connections to one server at most that nobody uses. */
  readonly idleLimit: () => number;
  /** How long one waits for a connection, in milliseconds. */
  readonly borrowTimeoutMs: () => number;
  readonly open: (key: PoolKey, port: number) => Promise<PostgresBackend>;
  readonly now: () => number;
}

/** Nobody gave a connection back, and no server could be reached, in the time. */
export class BorrowTimeout extends Error {
  constructor() {
    super("Timed-out waiting to acquire database connection");
    this.name = "BorrowTimeout";
  }
}

const RETRY_MS = 50;
/** What a server says that starts, ends or is full, or has not heard of a new password yet: worth another try. Others are the client's fault. */
const PASSING = new Set(["57P01", "57P02", "57P03", "53300", "28P01"]);
/** A password that is new is in the secret a moment before the server has it; longer, it is wrong. */
const PASSWORD_MS = 3000;

interface Member {
  readonly key: string;
  readonly backend: PostgresBackend;
}

/** Connections to the servers of a cluster, which sessions borrow and give back. */
export class PostgresPool {
  private readonly options: PoolOptions;
  private readonly idle: Member[] = [];
  private readonly borrowed = new Map<PostgresBackend, Member>();
  /** Connections that are being opened, by port. */
  private readonly opening: number[] = [];
  private wake = Promise.withResolvers<unknown>();

  constructor(options: PoolOptions) {
    this.options = options;
  }

  /** Open connections, used or not. */
  get size(): number {
    return this.idle.length + this.borrowed.size;
  }

  /** A connection that nobody else uses. Rejects with {@link BorrowTimeout}, or with the server's refusal. */
  async borrow(key: PoolKey): Promise<PostgresBackend> {
    const id = idOf(key);
    const began = this.options.now();
    for (;;) {
      const backend = this.takeIdle(id) ?? (await this.openOne(id, key, began));
      if (backend !== undefined) return backend;
      const left = began + this.options.borrowTimeoutMs() - this.options.now();
      if (left <= 0) throw new BorrowTimeout();
      await Promise.race([this.wake.promise, delay(Math.min(left, RETRY_MS))]);
    }
  }

  /** Takes a connection back. One that has been closed, or leads where nobody should go any more, is not kept; nor is one that is `spoilt` by its session. */
  giveBack(backend: PostgresBackend, spoilt = false): void {
    const member = this.borrowed.get(backend);
    this.borrowed.delete(backend);
    const idle = this.idle.filter((each) => each.backend.port === backend.port).length;
    const keep =
      !spoilt &&
      !backend.isClosed &&
      this.options.targets().includes(backend.port) &&
      idle < Math.max(1, this.options.idleLimit());
    if (member !== undefined && keep) this.keep(member);
    else if (!backend.isClosed) backend.close();
    this.wake.resolve(undefined);
    this.wake = Promise.withResolvers();
  }

  /** Closes all connections that nobody uses. */
  close(): void {
    for (const { backend } of this.idle.splice(0)) backend.close();
  }

  private keep(member: Member): void {
    this.idle.push(member);
    // What a server says to a connection that nobody uses is that it ends.
    member.backend.stream.resume();
  }

  private takeIdle(id: string): PostgresBackend | undefined {
    const targets = this.options.targets();
    for (const member of this.idle.filter(({ backend }) => backend.isClosed || !targets.includes(backend.port)))
      this.discard(member);
    // The one used last is the warmest.
    const found = this.idle.findLast(({ key }) => key === id);
    if (found === undefined) return undefined;
    this.idle.splice(this.idle.indexOf(found), 1);
    this.borrowed.set(found.backend, found);
    return found.backend;
  }

  private discard(member: Member): void {
    this.idle.splice(this.idle.indexOf(member), 1);
    if (!member.backend.isClosed) member.backend.close();
  }

  /** Opens one to the server that has the fewest, if there may be one more; undefined where that has to wait. */
  private async openOne(id: string, key: PoolKey, began: number): Promise<PostgresBackend | undefined> {
    const count = (port: number): number =>
      [...this.idle, ...this.borrowed.values()].filter(({ backend }) => backend.port === port).length +
      this.opening.filter((each) => each === port).length;
    const port = this.options.targets().toSorted((a, b) => count(a) - count(b))[0];
    if (port === undefined) return undefined;
    if (count(port) >= this.options.limit()) {
      // One that serves others makes room.
      const other = this.idle.find(({ backend }) => backend.port === port);
      if (other === undefined) return undefined;
      this.discard(other);
    }
    this.opening.push(port);
    try {
      const backend = await this.options.open(key, port);
      const member = { key: id, backend };
      this.borrowed.set(backend, member);
      backend.stream.once("close", () => {
        const at = this.idle.indexOf(member);
        if (at !== -1) this.idle.splice(at, 1);
      });
      return backend;
    } catch (error) {
      if (!this.isPassing(error, began)) throw error;
      return undefined;
    } finally {
      this.opening.splice(this.opening.indexOf(port), 1);
    }
  }

  private isPassing(error: unknown, began: number): boolean {
    const { code } = error as { readonly code?: unknown };
    if (code === "28P01") return this.options.now() - began < PASSWORD_MS;
    // Without an SQLSTATE it is the network's: the server is gone, and another one may come.
    return typeof code !== "string" || PASSING.has(code) || !/^[0-9A-Z]{5}$/.test(code);
  }
}

function idOf({ user, database, settings }: PoolKey): string {
  return JSON.stringify([user, database, [...settings].sort()]);
}

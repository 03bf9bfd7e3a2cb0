import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { errorResponse } from "./postgres-messages.ts";
import { type Gate, login, welcome } from "./postgres-login.ts";
import { BorrowTimeout, type PoolKey, type PostgresPool } from "./postgres-pool.ts";
import { PostgresSession } from "./postgres-session.ts";

/** How a pooler treats its clients. */
export interface PoolerOptions {
  readonly gate: Gate;
  readonly pool: PostgresPool;
  /** How long a client may say nothing, in milliseconds. */
  readonly idleClientMs: () => number;
  readonly now: () => number;
  /** Told why a session keeps its connection. @default - nobody is */
  readonly onPin?: (reason: string) => void;
}

/** What was counted since it was asked before. */
export interface PoolerCounts {
  readonly queries: number;
  /** How long each wait for a connection took, in milliseconds. */
  readonly borrowMs: readonly number[];
  readonly logins: number;
}

/** A port of 127.0.0.1 at which PostgreSQL's clients share the connections of a pool. */
export class PostgresPooler {
  private readonly options: PoolerOptions;
  private readonly sessions = new Map<Socket, PostgresSession | undefined>();
  /** What servers told of themselves, by the kind of session. */
  private readonly told = new Map<string, ReadonlyMap<string, string>>();
  private listener: Server | undefined;
  private counted = { queries: 0, borrowMs: [] as number[], logins: 0 };

  constructor(options: PoolerOptions) {
    this.options = options;
  }

  /** Clients that are connected. */
  get clients(): number {
    return this.sessions.size;
  }

  /** Sessions that keep a connection for themselves. */
  get pinned(): number {
    return [...this.sessions.values()].filter((session) => session?.isPinned === true).length;
  }

  /** What was counted since the last call. */
  takeCounts(): PoolerCounts {
    const taken = this.counted;
    this.counted = { queries: 0, borrowMs: [], logins: 0 };
    return taken;
  }

  /** Listens. Idempotent. */
  async listen(port: number): Promise<void> {
    if (this.listener !== undefined) return;
    const listener = createServer({ noDelay: true, pauseOnConnect: true }, (socket) => void this.accept(socket));
    listener.listen(port, "127.0.0.1").unref();
    await once(listener, "listening");
    this.listener = listener;
  }

  /** Stops listening, and closes every connection. */
  async close(): Promise<void> {
    const listener = this.listener;
    if (listener === undefined) return;
    this.listener = undefined;
    const closed = once(listener, "close");
    listener.close();
    for (const socket of this.sessions.keys()) socket.destroy();
    this.options.pool.close();
    await closed;
  }

  private async accept(raw: Socket): Promise<void> {
    this.sessions.set(raw, undefined);
    raw.once("close", () => this.sessions.delete(raw));
    const came = await login(raw, this.options.gate);
    if (came === undefined) return;
    const { socket, user, database, settings, rest } = came;
    const key: PoolKey = { user, database, settings };
    try {
      socket.write(welcome(await this.parametersOf(key)));
    } catch (error) {
      socket.end(errorResponse("FATAL", codeOf(error), error instanceof Error ? error.message : String(error)));
      return;
    }
    this.counted.logins++;
    const session = new PostgresSession(socket, this.options.pool, key, {
      onQuery: () => {
        this.counted.queries++;
      },
      onBorrow: (milliseconds) => this.counted.borrowMs.push(milliseconds),
      onPin: (reason) => this.options.onPin?.(reason),
      now: this.options.now,
    });
    if (socket.destroyed) return;
    this.sessions.set(raw, session);
    socket.setTimeout(this.options.idleClientMs(), () => socket.end());
    session.start(rest);
  }

  /** The first client of a kind waits for a connection; what the server told then is told to the others, also while there is no server. */
  private async parametersOf(key: PoolKey): Promise<ReadonlyMap<string, string>> {
    const id = JSON.stringify([key.user, key.database, [...key.settings].sort()]);
    const known = this.told.get(id);
    if (known !== undefined) return known;
    const backend = await this.options.pool.borrow(key);
    this.told.set(id, backend.parameters);
    this.options.pool.giveBack(backend);
    return backend.parameters;
  }
}

function codeOf(error: unknown): string {
  if (error instanceof BorrowTimeout) return "53300";
  const code = (error as { readonly code?: unknown }).code;
  return typeof code === "string" && /^[0-9A-Z]{5}$/.test(code) ? code : "08006";
}

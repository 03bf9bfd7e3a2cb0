import pg from "pg";
import { withBackoff } from "../backoff.ts";
import type { Log } from "../log.ts";
import type { Connection } from "./connection.ts";
import { isConnectionLost, isRefused, isTransient } from "./faults.ts";

/** A statement with a name is parsed and planned once a connection. */
export interface Statement {
  readonly name?: string;
  readonly text: string;
  readonly values?: unknown[];
}

/** Runs statements: the database itself, or one transaction of it. */
export interface Queryable {
  query<Row extends pg.QueryResultRow>(statement: Statement): Promise<pg.QueryResult<Row>>;
}

/** Times in milliseconds. They nest: a lock gives up before its statement, the statement before the client stops waiting. */
const LIMITS = { connect: 5_000, lock: 3_000, statement: 5_000, answer: 6_000, idleInTransaction: 10_000, idle: 30_000 };

/** A server that restarts is back in a few seconds: worth waiting for within a request, not longer. */
const PATIENCE_MS = 4_000;
const RETRY = { firstMs: 50, mostMs: 1_000, retriable: isTransient };

/** While the server refuses the password, the secret is read at most this often. */
const RENEW_MS = 2_000;

/** What a {@link Database} is made with. */
export interface DatabaseOptions {
  readonly log: Log;
  /** The most connections. */
  readonly size: number;
  /** No new attempt begins this long after the first. @default 4000 */
  readonly patienceMs?: number;
}

/** What the pool is doing. */
export interface PoolState {
  readonly total: number;
  readonly idle: number;
  readonly waiting: number;
}

/** The product's PostgreSQL database: a pool that survives the server's restart and a change of its password. */
export class Database implements Queryable {
  readonly #connection: Connection;
  readonly #log: Log;
  readonly #size: number;
  readonly #patienceMs: number;
  #pool: Promise<pg.Pool> | undefined;
  #current: pg.Pool | undefined;
  #renewedAt = -Infinity;
  #closed = false;

  constructor(connection: Connection, { log, size, patienceMs = PATIENCE_MS }: DatabaseOptions) {
    this.#connection = connection;
    this.#log = log;
    this.#size = size;
    this.#patienceMs = patienceMs;
  }

  /** Runs one statement. It is tried again when the connection is lost, so it must do no harm when it runs twice. */
  query<Row extends pg.QueryResultRow>(statement: Statement): Promise<pg.QueryResult<Row>> {
    return this.#patiently(() => this.#onClient((client) => client.query<Row>(statement)));
  }

  /**
   * Runs `work` in one transaction. Both are tried again when the connection is lost, even when it is unknown whether the COMMIT took effect: `work` must
   * find out by itself that it is done already (a key that is there, a state that has changed).
   */
  transaction<T>(work: (transaction: Queryable) => Promise<T>): Promise<T> {
    return this.#patiently(() => this.#onClient((client) => inTransaction(client, work)));
  }

  /** Opens a connection of its own, without retries or limits of time, for long work such as migrations; closes it at the end or at the signal, with every lock it holds. */
  async session<T>(work: (client: pg.ClientBase) => Promise<T>, signal?: AbortSignal): Promise<T> {
    const client = new pg.Client({
      ...(await this.#connection()),
      application_name: "shop-session",
      connectionTimeoutMillis: LIMITS.connect,
    });
    client.on("error", () => undefined); // The statement under way fails as well, and is heard.
    const cut = (): void => void client.end();
    signal?.addEventListener("abort", cut);
    try {
      signal?.throwIfAborted();
      await client.connect();
      return await work(client);
    } finally {
      signal?.removeEventListener("abort", cut);
      await client.end().catch(() => undefined);
    }
  }

  /** Whether the database answers now. @throws what stands in the way. */
  async ping(): Promise<void> {
    await this.#onClient((client) => client.query({ text: "SELECT 1" }));
  }

  state(): PoolState {
    const pool = this.#current;
    return { total: pool?.totalCount ?? 0, idle: pool?.idleCount ?? 0, waiting: pool?.waitingCount ?? 0 };
  }

  /** Waits for what is under way, then closes every connection. */
  async close(): Promise<void> {
    this.#closed = true;
    const pool = await this.#pool?.catch(() => undefined);
    this.#pool = undefined;
    await pool?.end();
  }

  #patiently<T>(work: () => Promise<T>): Promise<T> {
    return withBackoff(work, {
      ...RETRY,
      totalMs: this.#patienceMs,
      onRetry: (error, pauseMs) =>
        this.#log.write("warn", "database-retry", { message: error instanceof Error ? error.message : String(error), pauseMs }),
    });
  }

  async #onClient<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    const client = await this.#connect();
    try {
      const result = await work(client);
      client.release();
      return result;
    } catch (error) {
      // A client that the server answered in order is fine; any other may be in the middle of something.
      client.release(!(error instanceof pg.DatabaseError) || isConnectionLost(error));
      throw error;
    }
  }

  async #connect(): Promise<pg.PoolClient> {
    const pool = await this.#open();
    try {
      return await pool.connect();
    } catch (error) {
      if (!isRefused(error)) throw error;
      return (await this.#renew(pool, error)).connect();
    }
  }

  #open(): Promise<pg.Pool> {
    if (this.#closed) return Promise.reject(new Error("the database is closed"));
    this.#pool ??= this.#make().catch((error: unknown) => {
      this.#pool = undefined;
      throw error;
    });
    return this.#pool;
  }

  /** The password was refused: it has been rotated. Connections that are open stay good; new ones need the new secret. */
  async #renew(refused: pg.Pool, error: unknown): Promise<pg.Pool> {
    if (this.#current !== refused) return this.#open();
    if (performance.now() - this.#renewedAt < RENEW_MS) throw error;
    this.#renewedAt = performance.now();
    this.#log.write("warn", "database-password-refused", { message: "reading the secret again" });
    this.#pool = undefined;
    this.#current = undefined;
    void refused.end().catch((closing: unknown) => this.#log.error(closing));
    return this.#open();
  }

  async #make(): Promise<pg.Pool> {
    const pool = new pg.Pool({
      ...(await this.#connection()),
      max: this.#size,
      application_name: "shop",
      keepAlive: true,
      connectionTimeoutMillis: LIMITS.connect,
      idleTimeoutMillis: LIMITS.idle,
      statement_timeout: LIMITS.statement,
      lock_timeout: LIMITS.lock,
      query_timeout: LIMITS.answer,
      idle_in_transaction_session_timeout: LIMITS.idleInTransaction,
      types: { getTypeParser: typeParser },
    });
    // A connection that breaks in use fails its statement, which is heard; unheard, the event beside it would end the process.
    pool.on("connect", (client) => client.on("error", () => undefined));
    // One that breaks while idle is dropped by the pool.
    pool.on("error", (error) => this.#log.write("warn", "database-connection-lost", { message: error.message }));
    this.#current = pool;
    return pool;
  }
}

async function inTransaction<T>(client: pg.PoolClient, work: (transaction: Queryable) => Promise<T>): Promise<T> {
  await client.query("BEGIN");
  try {
    const result = await work({ query: (statement) => client.query(statement) });
    await client.query("COMMIT");
    return result;
  } catch (error) {
    // With the connection gone the server rolls back by itself.
    if (!isConnectionLost(error)) await client.query("ROLLBACK");
    throw error;
  }
}

/** The type's number in `pg_type.dat`, the same on every server. */
const BIGINT = 20;

/** Sums of cents are `bigint` in the database and far below 2^53 here. */
function typeParser(...[id, format = "text"]: Parameters<typeof pg.types.getTypeParser>): (text: string) => unknown {
  if ((id as number) === BIGINT && format === "text") return exactNumber;
  return pg.types.getTypeParser(id, format) as (text: string) => unknown;
}

function exactNumber(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value)) return value;
  throw new RangeError(`${text} cannot be held exactly`);
}

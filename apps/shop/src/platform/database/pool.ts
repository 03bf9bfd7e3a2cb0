import pg from "pg";
import type { Log } from "../log.ts";
import type { Connection } from "./connection.ts";
import { isConnectionLost, isReadOnly, isRefused } from "./faults.ts";
import { LIMITS } from "./limits.ts";

/** While the server refuses the password, the secret is read at most this often. */
const RENEW_MS = 1_000;

/** What a {@link ConnectionPool} is made with. */
export interface PoolOptions {
  readonly log: Log;
  /** The most connections. */
  readonly size: number;
  /** Names it in the log: what it is a pool of. */
  readonly endpoint: "writer" | "reader";
  /** Called before each use; throws while connections are not to be had. @default - they always are */
  readonly mayFail?: (() => void) | undefined;
}

/** What the pool is doing. */
export interface PoolState {
  readonly total: number;
  readonly idle: number;
  readonly waiting: number;
}

/**
 * Connections to one endpoint, made when they are needed and made anew when the endpoint leads elsewhere: the password was changed, or what answered was a writer once
 * and is none any more. Nothing is set on a connection, so that a pooler between us and the server may give each transaction another one.
 */
export class ConnectionPool {
  readonly #connection: Connection;
  readonly #options: PoolOptions;
  #pool: Promise<pg.Pool> | undefined;
  #current: pg.Pool | undefined;
  #renewedAt = -Infinity;
  #closed = false;

  constructor(connection: Connection, options: PoolOptions) {
    this.#connection = connection;
    this.#options = options;
  }

  /** Runs `work` on a connection that is its own meanwhile. No retries. */
  async onClient<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    this.#options.mayFail?.();
    const { client, pool } = await this.#connect();
    try {
      const result = await work(client);
      client.release();
      return result;
    } catch (error) {
      // A client that the server answered in order is fine; any other may be in the middle of something.
      client.release(!(error instanceof pg.DatabaseError) || isConnectionLost(error));
      if (isReadOnly(error) && this.#options.endpoint === "writer") this.#abandon(pool);
      throw error;
    }
  }

  /** Lets go of every connection: what they lead to is not what the endpoint leads to any more. New ones are made when they are needed. */
  abandon(): void {
    if (this.#current !== undefined) this.#abandon(this.#current);
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

  async #connect(): Promise<{ client: pg.PoolClient; pool: pg.Pool }> {
    let pool = await this.#open();
    try {
      return { client: await pool.connect(), pool };
    } catch (error) {
      if (!isRefused(error)) throw error;
      pool = await this.#renew(pool, error);
      return { client: await pool.connect(), pool };
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
    this.#options.log.write("warn", "database-password-refused", { message: "reading the secret again" });
    this.#drop(refused);
    return this.#open();
  }

  #abandon(pool: pg.Pool): void {
    // Others may have found out at the same time, each on its own connection.
    if (this.#current !== pool) return;
    this.#options.log.write("warn", "database-connections-abandoned", { endpoint: this.#options.endpoint });
    this.#drop(pool);
  }

  #drop(pool: pg.Pool): void {
    this.#pool = undefined;
    this.#current = undefined;
    void pool.end().catch((closing: unknown) => this.#options.log.error(closing));
  }

  async #make(): Promise<pg.Pool> {
    const pool = new pg.Pool({
      ...(await this.#connection()),
      max: this.#options.size,
      application_name: "shop",
      keepAlive: true,
      connectionTimeoutMillis: LIMITS.connect,
      idleTimeoutMillis: LIMITS.idle,
      query_timeout: LIMITS.answer,
      types: { getTypeParser: typeParser },
    });
    // A connection that breaks in use fails its statement, which is heard; unheard, the event beside it would end the process.
    pool.on("connect", (client) => client.on("error", () => undefined));
    // One that breaks while idle is dropped by the pool.
    pool.on("error", (error) => this.#options.log.write("warn", "database-connection-lost", { message: error.message }));
    this.#current = pool;
    return pool;
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

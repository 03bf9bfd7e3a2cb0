import pg from "pg";
import { withBackoff } from "../backoff.ts";
import type { Log } from "../log.ts";
import { inSpan } from "../tracing/spans.ts";
import type { Connection } from "./connection.ts";
import { isBusy, isConnectionLost, isRefused, isTransient } from "./faults.ts";
import { LIMITS, liftLimits } from "./limits.ts";
import { ConnectionPool, type PoolState } from "./pool.ts";
import { Replica } from "./replica.ts";
import { currentScope, isSelect, type Reading } from "./routing.ts";

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

/** A server that restarts is back in a few seconds: worth waiting for within a request, not longer. */
const PATIENCE_MS = 4_000;
const RETRY = {
  firstMs: 50,
  mostMs: 1_000,
  // A password is changed in two places, one after the other: between the two it is refused.
  retriable: (error: unknown): boolean => isTransient(error) || isRefused(error),
};

/** What a {@link Database} is made with. */
export interface DatabaseOptions {
  readonly log: Log;
  /** The most connections. */
  readonly size: number;
  /** No new attempt begins this long after the first. @default 4000 */
  readonly patienceMs?: number;
  /** How replicas are reached. @default - there are none: everything is read from the writer */
  readonly reader?: Connection | undefined;
  /** A replica that is further behind is not read from, in milliseconds. @default 2000 */
  readonly mostLagMs?: number;
  /** Called before each use of a connection; throws while none is to be had. @default - they always are */
  readonly mayFail?: () => void;
}

/** What is known of the replicas. */
export interface ReplicaState extends PoolState {
  /** How far behind, in milliseconds; undefined while they cannot be reached. */
  readonly lagMs: number | undefined;
  /** Whether they are read from. */
  readonly isNear: boolean;
  /** Statements that they have answered. */
  readonly answered: number;
}

/** Instead of a position in the log. */
const UNKNOWN = "unknown";

/** Behind by more than people take to look again, a replica shows them the past. */
const MOST_LAG_MS = 2_000;

/**
 * The product's PostgreSQL database: a writer, and perhaps replicas. It survives a server's restart, a failover and a change of the password. Behind the endpoint
 * there may be a pooler that gives each transaction another connection (RDS Proxy): nothing is kept on one between two of them.
 */
export class Database implements Queryable {
  readonly #connection: Connection;
  readonly #log: Log;
  readonly #patienceMs: number;
  readonly #writer: ConnectionPool;
  readonly #reader: ConnectionPool | undefined;
  readonly #replica: Replica | undefined;
  #answered = 0;

  constructor(connection: Connection, options: DatabaseOptions) {
    const { log, size, patienceMs = PATIENCE_MS, reader, mostLagMs = MOST_LAG_MS, mayFail } = options;
    this.#connection = connection;
    this.#log = log;
    this.#patienceMs = patienceMs;
    this.#writer = new ConnectionPool(connection, { log, size, endpoint: "writer", mayFail });
    if (reader === undefined) return;
    this.#reader = new ConnectionPool(reader, { log, size, endpoint: "reader", mayFail });
    this.#replica = new Replica({ writer: this.#writer, reader: this.#reader, log, mostLagMs });
  }

  /** Runs one statement. It is tried again when the connection is lost, so it must do no harm when it runs twice. */
  async query<Row extends pg.QueryResultRow>(statement: Statement): Promise<pg.QueryResult<Row>> {
    const scope = currentScope();
    const reads = isSelect(statement.text);
    if (reads && scope?.fromReplica === true) {
      const answer = await this.#fromReplica<Row>(statement, scope.reading);
      if (answer !== undefined) return answer;
    }
    if (!reads && scope?.reading !== undefined) scope.reading.wrote = true;
    return this.#patiently(() =>
      traced(statement, "writer", () => this.#writer.onClient((client) => client.query<Row>(statement))),
    );
  }

  /**
   * Runs `work` in one transaction. Both are tried again when the connection is lost, even when it is unknown whether the COMMIT took effect: `work` must
   * find out by itself that it is done already (a key that is there, a state that has changed).
   */
  transaction<T>(work: (transaction: Queryable) => Promise<T>): Promise<T> {
    const reading = currentScope()?.reading;
    if (reading !== undefined) reading.wrote = true;
    return this.#patiently(() =>
      inSpan("transaction", ABOUT, () => this.#writer.onClient((client) => inTransaction(client, work))),
    );
  }

  /** Where the writer's log is now: a replica that has come so far has everything that was written before. `"unknown"` on a server that does not say. */
  async position(): Promise<string> {
    try {
      const { rows } = await this.#writer.onClient((client) =>
        client.query<{ position: string }>("SELECT pg_current_wal_lsn()::text AS position"),
      );
      return rows[0]?.position ?? UNKNOWN;
    } catch (error) {
      this.#log.write("warn", "database-position", { message: error instanceof Error ? error.message : String(error) });
      return UNKNOWN;
    }
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
      await liftLimits(client);
      return await work(client);
    } finally {
      signal?.removeEventListener("abort", cut);
      await client.end().catch(() => undefined);
    }
  }

  /** Whether the database answers now. @throws what stands in the way. */
  async ping(): Promise<void> {
    await this.#writer.onClient((client) => client.query({ text: "SELECT 1" }));
  }

  /** Connections to the writer. */
  state(): PoolState {
    return this.#writer.state();
  }

  /** Whether there are replicas at all. */
  get hasReplicas(): boolean {
    return this.#replica !== undefined;
  }

  /** The replicas; undefined where there are none. */
  replicaState(): ReplicaState | undefined {
    if (this.#replica === undefined || this.#reader === undefined) return undefined;
    const { lagMs, isNear } = this.#replica;
    return { ...this.#reader.state(), lagMs, isNear, answered: this.#answered };
  }

  /** Begins to look how far the replicas are; before that nothing is read from them. */
  watchReplicas(): void {
    this.#replica?.start();
  }

  /** Waits for what is under way, then closes every connection. */
  async close(): Promise<void> {
    this.#replica?.stop();
    await Promise.all([this.#writer.close(), this.#reader?.close()]);
  }

  /** Undefined when the writer must be asked: there is no replica near enough, it has not come so far yet, or it does not answer in order. */
  async #fromReplica<Row extends pg.QueryResultRow>(
    statement: Statement,
    reading: Reading | undefined,
  ): Promise<pg.QueryResult<Row> | undefined> {
    const [reader, after] = [this.#reader, reading?.after];
    // What was written a moment ago has no position yet.
    if (reader === undefined || this.#replica?.isNear !== true || reading?.wrote === true || after === UNKNOWN) return undefined;
    try {
      const answer = await traced(statement, "reader", () =>
        reader.onClient((client) =>
          after === undefined ? client.query<Row>(statement) : readAfter<Row>(client, statement, after),
        ),
      );
      if (answer !== undefined) this.#answered += 1;
      return answer;
    } catch (error) {
      if (!isTransient(error) && !isBusy(error)) throw error;
      if (isConnectionLost(error)) this.#replica.leaveOut();
      this.#log.write("warn", "replica-did-not-answer", { message: error instanceof Error ? error.message : String(error) });
      return undefined;
    }
  }

  #patiently<T>(work: () => Promise<T>): Promise<T> {
    return withBackoff(work, {
      ...RETRY,
      totalMs: this.#patienceMs,
      onRetry: (error, pauseMs) =>
        this.#log.write("warn", "database-retry", { message: error instanceof Error ? error.message : String(error), pauseMs }),
    });
  }
}

const ABOUT = { kind: "client", attributes: { "db.system.name": "postgresql" } } as const;

/** A span for a statement: its name and its text, never its values. */
function traced<T>({ name, text }: Statement, endpoint: "writer" | "reader", run: () => Promise<T>): Promise<T> {
  const attributes = { ...ABOUT.attributes, "db.query.text": text, "server.role": endpoint };
  return inSpan(name ?? (/^\s*(\w+)/.exec(text)?.[1] ?? "statement").toUpperCase(), { ...ABOUT, attributes }, run);
}

/** One transaction, because a pooler gives two statements two servers; undefined when this one has not come so far. */
async function readAfter<Row extends pg.QueryResultRow>(
  client: pg.PoolClient,
  statement: Statement,
  after: string,
): Promise<pg.QueryResult<Row> | undefined> {
  await client.query("BEGIN READ ONLY");
  try {
    const { rows } = await client.query<{ reached: boolean }>({
      name: "database-reached",
      // A server that follows nobody is the writer itself.
      text: "SELECT coalesce(pg_last_wal_replay_lsn() >= $1::pg_lsn, NOT pg_is_in_recovery()) AS reached",
      values: [after],
    });
    const result = rows[0]?.reached === true ? await client.query<Row>(statement) : undefined;
    await client.query("COMMIT");
    return result;
  } catch (error) {
    if (!isConnectionLost(error)) await client.query("ROLLBACK");
    throw error;
  }
}

async function inTransaction<T>(client: pg.PoolClient, work: (transaction: Queryable) => Promise<T>): Promise<T> {
  await client.query("BEGIN");
  try {
    const result = await work({ query: (statement) => traced(statement, "writer", () => client.query(statement)) });
    await client.query("COMMIT");
    return result;
  } catch (error) {
    // With the connection gone the server rolls back by itself.
    if (!isConnectionLost(error)) await client.query("ROLLBACK");
    throw error;
  }
}

import type pg from "pg";
import type { Log } from "../log.ts";
import type { ConnectionPool } from "./pool.ts";

/** What a {@link Replica} is made with. */
export interface ReplicaNeeds {
  readonly writer: ConnectionPool;
  readonly reader: ConnectionPool;
  readonly log: Log;
  /** A replica that is further behind is not read from, in milliseconds. */
  readonly mostLagMs: number;
  /** Between two looks, in milliseconds. @default 500 */
  readonly lookMs?: number;
}

/** Where the log of the writer was, and when. */
interface Mark {
  readonly at: number;
  readonly position: bigint;
}

/** Enough to tell lags of minutes; beyond that a replica is simply too far behind. */
const MARKS = 600;
const LOOK_MS = 500;

/** Where the writer's log is now; null on a server that is no writer. */
const WRITER = "SELECT CASE WHEN NOT pg_is_in_recovery() THEN pg_current_wal_lsn()::text END AS position";
/** How far a server has come; null on one that follows nobody. */
const READER =
  "SELECT CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn()::text END AS position, pg_is_in_recovery() AS follows";

/**
 * Looks after the endpoint of the replicas: how far they are behind, by the positions of the logs and our own clock alone. A replica that was cut off from its writer
 * looks up to date to itself; to us it does not.
 */
export class Replica {
  readonly #needs: ReplicaNeeds;
  readonly #marks: Mark[] = [];
  #lagMs: number | undefined;
  #said: boolean | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(needs: ReplicaNeeds) {
    this.#needs = needs;
  }

  /** How far it is behind, in milliseconds; undefined while it cannot be reached or nobody has looked. */
  get lagMs(): number | undefined {
    return this.#lagMs;
  }

  get isNear(): boolean {
    return this.#lagMs !== undefined && this.#lagMs <= this.#needs.mostLagMs;
  }

  /** Begins to look, again and again. */
  start(): void {
    if (this.#timer !== undefined) return;
    const { lookMs = LOOK_MS } = this.#needs;
    const again = (): void => {
      void this.look().finally(() => {
        if (this.#timer !== undefined) this.#timer = setTimeout(again, lookMs).unref();
      });
    };
    this.#timer = setTimeout(again, 0).unref();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** It did not answer: it is left out until the next look finds it there. */
  leaveOut(): void {
    this.#lagMs = undefined;
  }

  /** Looks once. */
  async look(): Promise<void> {
    const { writer, reader, log, mostLagMs } = this.#needs;
    const ask = (pool: ConnectionPool, text: string): Promise<Position | undefined> =>
      pool.onClient((client) => positionOn(client, text)).catch(() => undefined);
    // The writer first: what the reader then lacks, it lacked a moment ago as well.
    const written = await ask(writer, WRITER);
    if (written !== undefined && written.position === null) writer.abandon();
    else if (written !== undefined) this.#mark(parse(written.position ?? "0/0"));
    const read = await ask(reader, READER);
    this.#lagMs = read === undefined ? undefined : read.position === null ? 0 : this.#behind(parse(read.position));
    if (this.#said === this.isNear) return;
    this.#said = this.isNear;
    log.write(this.isNear ? "info" : "warn", this.isNear ? "replica-read" : "replica-left-out", {
      lag_ms: this.#lagMs === undefined ? null : Math.round(this.#lagMs),
      most_lag_ms: mostLagMs,
    });
  }

  #mark(position: bigint): void {
    const last = this.#marks.at(-1);
    // After a failover the log goes on from where the new writer was.
    if (last !== undefined && position < last.position) this.#marks.length = 0;
    // Of the time at which a position was first seen nothing newer is known to be missing.
    if (this.#marks.at(-1)?.position !== position) this.#marks.push({ at: performance.now(), position });
    if (this.#marks.length > MARKS) this.#marks.shift();
  }

  /** How long ago something was written that a server which has come so far lacks. */
  #behind(position: bigint): number {
    const missing = this.#marks.find((mark) => mark.position > position);
    return missing === undefined ? 0 : performance.now() - missing.at;
  }
}

interface Position {
  readonly position: string | null;
}

async function positionOn(client: pg.PoolClient, text: string): Promise<Position | undefined> {
  const { rows } = await client.query<Position>(text);
  return rows[0];
}

/** `pg_lsn`: two hexadecimal numbers of 32 bits (postgresql.org/docs/current/datatype-pg-lsn.html). */
function parse(position: string): bigint {
  const [high = "0", low = "0"] = position.split("/");
  return (BigInt(`0x${high}`) << 32n) + BigInt(`0x${low}`);
}

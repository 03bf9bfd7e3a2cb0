import type { Queryable } from "../database/database.ts";
import type { Event } from "./event.ts";

/** An event that is on its way. */
export interface Outgoing extends Event {
  readonly name: string;
  /** Deliveries that began. */
  readonly attempts: number;
}

/**
 * The events of one module that are not delivered yet: the table `outbox` in its own schema. A module writes the row in the transaction of what it tells of, so that
 * either both are there or neither is.
 *
 * ```sql
 * CREATE TABLE billing.outbox (
 *   id         uuid        PRIMARY KEY,
 *   name       text        NOT NULL,
 *   data       jsonb       NOT NULL,
 *   created_at timestamptz NOT NULL DEFAULT now(),
 *   due_at     timestamptz NOT NULL DEFAULT now(),
 *   attempts   integer     NOT NULL DEFAULT 0
 * );
 * ```
 */
export class Outbox {
  readonly schema: string;
  readonly #database: Queryable;

  constructor(database: Queryable, schema: string) {
    if (!/^[a-z]+$/.test(schema)) throw new Error(`${JSON.stringify(schema)} is no schema of ours`);
    this.schema = schema;
    this.#database = database;
  }

  /** Takes up to `limit` events of these names that are due. Nobody else takes them for as long as the lease lasts. */
  async claim(names: readonly string[], limit: number, leaseMs: number): Promise<Outgoing[]> {
    const { rows } = await this.#database.query<Outgoing>({
      name: `${this.schema}-outbox-claim`,
      text: `
        WITH due AS MATERIALIZED (
          SELECT id FROM ${this.schema}.outbox WHERE due_at <= now() AND name = ANY($1::text[])
          ORDER BY due_at LIMIT $2 FOR UPDATE SKIP LOCKED
        )
        UPDATE ${this.schema}.outbox AS o SET due_at = now() + make_interval(secs => $3::float / 1000), attempts = o.attempts + 1
        FROM due WHERE o.id = due.id RETURNING o.id, o.name, o.data, o.created_at AS at, o.attempts`,
      values: [names, limit, leaseMs],
    });
    return rows;
  }

  /** Takes delivered events off the table. */
  async remove(ids: readonly string[]): Promise<void> {
    await this.#database.query({
      name: `${this.schema}-outbox-remove`,
      text: `DELETE FROM ${this.schema}.outbox WHERE id = ANY($1::uuid[])`,
      values: [ids],
    });
  }

  /** Has an event delivered again after a pause. */
  async postpone(id: string, pauseMs: number): Promise<void> {
    await this.#database.query({
      name: `${this.schema}-outbox-postpone`,
      text: `UPDATE ${this.schema}.outbox SET due_at = now() + make_interval(secs => $2::float / 1000) WHERE id = $1`,
      values: [id, pauseMs],
    });
  }

  /** How many events are on their way, and how old the oldest is, in seconds; 0 if there is none. */
  async backlog(): Promise<{ events: number; oldestSeconds: number }> {
    const { rows } = await this.#database.query<{ events: number; oldestSeconds: number }>({
      name: `${this.schema}-outbox-backlog`,
      text: `
        SELECT count(*) AS events, coalesce(extract(epoch FROM now() - min(created_at)), 0)::float AS "oldestSeconds"
        FROM ${this.schema}.outbox`,
    });
    return rows[0] ?? { events: 0, oldestSeconds: 0 };
  }
}

import type { Queryable } from "../database/database.ts";

/**
 * Remembers in a transaction that an event was heard, in the table `inbox` of a schema. False when it was heard before: then there is nothing to do. What is done for
 * the event belongs into the same transaction, so that it is done once, however often the event comes.
 *
 * ```sql
 * CREATE TABLE catalog.inbox (
 *   listener text        NOT NULL,
 *   event_id uuid        NOT NULL,
 *   heard_at timestamptz NOT NULL DEFAULT now(),
 *   PRIMARY KEY (event_id, listener)
 * );
 * CREATE INDEX inbox_by_time ON catalog.inbox (heard_at);
 * ```
 */
export async function hearOnce(transaction: Queryable, schema: string, listener: string, eventId: string): Promise<boolean> {
  const { rowCount } = await transaction.query({
    name: `${schema}-inbox-hear`,
    text: `INSERT INTO ${schema}.inbox (listener, event_id) VALUES ($1, $2) ON CONFLICT DO NOTHING`,
    values: [listener, eventId],
  });
  return rowCount === 1;
}

/** An event does not come again after so long: a delivery that fails is tried again every minute, and somebody has long been woken by it. */
const KEPT_DAYS = 90;
const AT_ONCE = 5_000;

/** Forgets what was heard long ago. Returns how many events were forgotten: ask again while it is not 0. */
export async function sweepInbox(database: Queryable, schema: string): Promise<number> {
  const { rowCount } = await database.query({
    text: `
      DELETE FROM ${schema}.inbox WHERE (event_id, listener) IN (
        SELECT event_id, listener FROM ${schema}.inbox WHERE heard_at < now() - make_interval(days => $1) ORDER BY heard_at LIMIT $2)`,
    values: [KEPT_DAYS, AT_ONCE],
  });
  return rowCount ?? 0;
}

import type { Database, Queryable } from "../../platform/database/database.ts";

/** Some of one product that was sold. */
export interface Sold {
  readonly productId: string;
  readonly quantity: number;
  readonly unitPriceCents: number;
}

/** A sale, told of by an event. */
export interface Sale {
  readonly eventId: string;
  readonly at: Date;
  readonly lines: readonly Sold[];
}

/** What was sold in a span of time. */
export interface Sum {
  readonly orders: number;
  readonly pieces: number;
  readonly revenueCents: number;
}

/** What was sold of one product. */
export interface ProductSum {
  readonly productId: string;
  readonly pieces: number;
  readonly revenueCents: number;
}

/** A sum and the hour or day that it is of. */
export interface Bucket extends Sum {
  readonly starts: Date;
}

/** A report as it is kept. */
export interface KeptReport<Content> {
  readonly period: "day" | "week";
  /** The first day, such as `2026-11-23`. */
  readonly starts: string;
  readonly content: Content;
}

/** Writes a sale down and counts it, once however often it comes. False when it was there already. */
export function addSale(database: Database, { eventId, at, lines }: Sale): Promise<boolean> {
  const values = [
    eventId,
    at,
    lines.map(({ productId }) => productId),
    lines.map(({ quantity }) => quantity),
    lines.map(({ quantity, unitPriceCents }) => quantity * unitPriceCents),
  ];
  return database.transaction(async (transaction) => {
    const { rowCount } = await transaction.query({
      name: "analytics-add-sale",
      text: `
        INSERT INTO analytics.events (event_id, at, line, product_id, pieces, revenue_cents)
        SELECT $1, $2, l.line, l.product_id, l.pieces, l.revenue
        FROM unnest($3::text[], $4::integer[], $5::bigint[]) WITH ORDINALITY AS l (product_id, pieces, revenue, line)
        ON CONFLICT DO NOTHING`,
      values,
    });
    if (rowCount === 0) return false;
    await transaction.query({
      name: "analytics-count-hour",
      text: `
        INSERT INTO analytics.hours AS h (hour, orders, pieces, revenue_cents)
        SELECT date_trunc('hour', $1::timestamptz, 'UTC'), 1, sum(l.pieces), sum(l.revenue)
        FROM unnest($2::integer[], $3::bigint[]) AS l (pieces, revenue)
        ON CONFLICT (hour) DO UPDATE SET
          orders = h.orders + 1, pieces = h.pieces + excluded.pieces, revenue_cents = h.revenue_cents + excluded.revenue_cents`,
      values: [at, values[3], values[4]],
    });
    await transaction.query({
      name: "analytics-count-products",
      // In the order of their ids: nobody waits in a circle.
      text: `
        INSERT INTO analytics.product_hours AS h (hour, product_id, pieces, revenue_cents)
        SELECT date_trunc('hour', $1::timestamptz, 'UTC'), l.product_id, sum(l.pieces), sum(l.revenue)
        FROM unnest($2::text[], $3::integer[], $4::bigint[]) AS l (product_id, pieces, revenue)
        GROUP BY l.product_id ORDER BY l.product_id
        ON CONFLICT (hour, product_id) DO UPDATE SET
          pieces = h.pieces + excluded.pieces, revenue_cents = h.revenue_cents + excluded.revenue_cents`,
      values: [at, values[2], values[3], values[4]],
    });
    return true;
  });
}

/** What was sold from one moment on and before another. */
export async function sumBetween(database: Queryable, from: Date, to: Date): Promise<Sum> {
  const { rows } = await database.query<Sum>({
    name: "analytics-sum",
    text: `
      SELECT coalesce(sum(orders), 0)::bigint AS orders, coalesce(sum(pieces), 0)::bigint AS pieces,
        coalesce(sum(revenue_cents), 0)::bigint AS "revenueCents"
      FROM analytics.hours WHERE hour >= $1 AND hour < $2`,
    values: [from, to],
  });
  return rows[0] ?? { orders: 0, pieces: 0, revenueCents: 0 };
}

/** What was sold on each day of UTC on which something was, oldest first. */
export async function daysBetween(database: Queryable, from: Date, to: Date): Promise<Bucket[]> {
  const { rows } = await database.query<Bucket>({
    name: "analytics-days",
    text: `
      SELECT date_trunc('day', hour, 'UTC') AS starts, sum(orders)::bigint AS orders, sum(pieces)::bigint AS pieces,
        sum(revenue_cents)::bigint AS "revenueCents"
      FROM analytics.hours WHERE hour >= $1 AND hour < $2 GROUP BY 1 ORDER BY 1`,
    values: [from, to],
  });
  return rows;
}

/** The products that brought in most. */
export async function topProducts(database: Queryable, from: Date, to: Date, limit: number): Promise<ProductSum[]> {
  const { rows } = await database.query<ProductSum>({
    name: "analytics-top-products",
    text: `
      SELECT product_id AS "productId", sum(pieces)::bigint AS pieces, sum(revenue_cents)::bigint AS "revenueCents"
      FROM analytics.product_hours WHERE hour >= $1 AND hour < $2
      GROUP BY product_id ORDER BY sum(revenue_cents) DESC, product_id LIMIT $3`,
    values: [from, to, limit],
  });
  return rows;
}

/** Keeps a report. Does nothing when there is one. */
export async function keepReport(database: Queryable, { period, starts, content }: KeptReport<unknown>): Promise<void> {
  await database.query({
    text: "INSERT INTO analytics.reports (period, starts, content) VALUES ($1, $2, $3::jsonb) ON CONFLICT DO NOTHING",
    values: [period, starts, JSON.stringify(content)],
  });
}

/** The latest reports, newest first. */
export async function reports<Content>(database: Queryable, period: string, limit: number): Promise<KeptReport<Content>[]> {
  const { rows } = await database.query<KeptReport<Content>>({
    name: "analytics-reports",
    text: `
      SELECT period, to_char(starts, 'YYYY-MM-DD') AS starts, content FROM analytics.reports
      WHERE period = $1 ORDER BY starts DESC LIMIT $2`,
    values: [period, limit],
  });
  return rows;
}

/** Keeps partitions for the days from `first` to `last`, and removes older ones. */
export async function keepDays(database: Queryable, first: string, last: string): Promise<void> {
  await database.query({ text: "SELECT analytics.keep_days($1::date, $2::date)", values: [first, last] });
}

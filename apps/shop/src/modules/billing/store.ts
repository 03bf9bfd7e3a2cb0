import type { Queryable } from "../../platform/database/database.ts";
import { uuidv7 } from "../../platform/uuid.ts";
import type { Reserved, Wanted } from "../catalog/index.ts";
import { orderPlaced } from "./events.ts";
import { totalCents } from "./orders.ts";
import type { Refusal } from "./settling.ts";

/** What is known of an order under a key. */
export interface Recorded {
  readonly id: string;
  /** Whether it asked for the same. */
  readonly same: boolean;
}

/** Remembers the wish under its key; returns what is known, which is an earlier wish if the key was used before. */
export async function recordRequest(
  database: Queryable,
  {
    id,
    userId,
    key,
    requested,
    method,
  }: { id: string; userId: string; key: string; requested: readonly Wanted[]; method: string },
): Promise<Recorded> {
  const values = [id, userId, key, JSON.stringify(requested), method];
  await database.query({
    name: "billing-record-request",
    text: `
      INSERT INTO billing.orders (id, user_id, idempotency_key, requested, state, payment_method)
      VALUES ($1, $2, $3, $4::jsonb, 'pending', $5)
      ON CONFLICT (user_id, idempotency_key) DO NOTHING`,
    values,
  });
  const { rows } = await database.query<Recorded>({
    name: "billing-recorded-request",
    text: `
      SELECT id, requested = $3::jsonb AND payment_method = $4 AS same FROM billing.orders
      WHERE user_id = $1 AND idempotency_key = $2`,
    values: [userId, key, JSON.stringify(requested), method],
  });
  const recorded = rows[0];
  if (recorded === undefined) throw new Error("an order that was just recorded is missing");
  return recorded;
}

/** An order on its way. */
export interface Open {
  readonly id: string;
  readonly state: "pending" | "unpaid" | "releasing" | "placed" | "refused";
  readonly requested: readonly Wanted[];
  readonly refusal: Refusal | null;
  readonly totalCents: number | null;
  readonly currency: string | null;
  readonly method: string;
  readonly ageSeconds: number;
}

/** How far an order is. @throws Error if there is none */
export async function openOrder(database: Queryable, id: string): Promise<Open> {
  const { rows } = await database.query<Open>({
    name: "billing-open-order",
    text: `
      SELECT id, state, requested, refusal, total_cents AS "totalCents", currency, payment_method AS method,
        extract(epoch FROM now() - created_at)::float AS "ageSeconds"
      FROM billing.orders WHERE id = $1`,
    values: [id],
  });
  const [order] = rows;
  if (order === undefined) throw new Error(`there is no order ${id}`);
  return order;
}

/** Writes down what was reserved for a pending order, which is unpaid from then on. Does nothing to any other. */
export async function reserveOrder(database: Queryable, id: string, lines: readonly Reserved[], currency: string): Promise<void> {
  await database.query({
    name: "billing-reserve-order",
    text: `
      WITH reserved AS (
        UPDATE billing.orders SET state = 'unpaid', total_cents = $2, currency = $3 WHERE id = $1 AND state = 'pending' RETURNING id
      )
      INSERT INTO billing.order_lines (order_id, line, product_id, product_name, quantity, unit_price_cents)
      SELECT reserved.id, l.line, l.product_id, l.name, l.quantity, l.price
      FROM reserved, unnest($4::text[], $5::text[], $6::integer[], $7::integer[])
        WITH ORDINALITY AS l (product_id, name, quantity, price, line)`,
    values: [
      id,
      totalCents(lines),
      currency,
      lines.map((line) => line.productId),
      lines.map((line) => line.name),
      lines.map((line) => line.quantity),
      lines.map((line) => line.unitPriceCents),
    ],
  });
}

/** Turns an unpaid order into a placed one, with the event that tells of it, in one statement. Does nothing to any other. */
export async function placeOrder(database: Queryable, id: string): Promise<void> {
  await database.query({
    name: "billing-place-order",
    text: `
      WITH placed AS (
        UPDATE billing.orders SET state = 'placed', settled_at = now() WHERE id = $1 AND state = 'unpaid'
        RETURNING id, user_id, total_cents, currency
      )
      INSERT INTO billing.outbox (id, name, data)
      SELECT $2, $3, jsonb_build_object('orderId', o.id, 'userId', o.user_id, 'totalCents', o.total_cents, 'currency', o.currency, 'lines', (
        SELECT jsonb_agg(jsonb_build_object('productId', l.product_id, 'quantity', l.quantity, 'unitPriceCents', l.unit_price_cents)
                         ORDER BY l.line)
        FROM billing.order_lines AS l WHERE l.order_id = o.id))
      FROM placed AS o`,
    values: [id, uuidv7(), orderPlaced.name],
  });
}

/** Gives an unpaid order up: its stock has to be released. Does nothing to any other. */
export async function giveUpOrder(database: Queryable, id: string, refusal: Refusal): Promise<void> {
  await database.query({
    text: "UPDATE billing.orders SET state = 'releasing', refusal = $2::jsonb WHERE id = $1 AND state = 'unpaid'",
    values: [id, JSON.stringify(refusal)],
  });
}

/** Settles an order as refused that has no stock, or has given it back. Does nothing to any other. */
export async function refuseOrder(database: Queryable, id: string, refusal: Refusal): Promise<void> {
  await database.query({
    text: `
      UPDATE billing.orders SET state = 'refused', refusal = $2::jsonb, settled_at = now()
      WHERE id = $1 AND state IN ('pending', 'releasing')`,
    values: [id, JSON.stringify(refusal)],
  });
}

/** Orders left open for a while, by a process that ended between two steps or a payment that was not decided. */
export async function openOrders(database: Queryable, olderThanSeconds: number, limit: number): Promise<string[]> {
  const { rows } = await database.query<{ id: string }>({
    text: `
      SELECT id FROM billing.orders
      WHERE state IN ('pending', 'unpaid', 'releasing') AND created_at < now() - make_interval(secs => $1) ORDER BY created_at LIMIT $2`,
    values: [olderThanSeconds, limit],
  });
  return rows.map(({ id }) => id);
}

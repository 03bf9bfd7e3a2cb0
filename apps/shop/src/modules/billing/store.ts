import type { Queryable } from "../../platform/database/database.ts";
import { uuidv7 } from "../../platform/uuid.ts";
import type { Refusal, Reserved, Wanted } from "../catalog/index.ts";
import { type OrderPlaced, orderPlaced } from "./events.ts";
import { type Order, type OrderLine, totalCents } from "./orders.ts";

const EXPORTED_AT_ONCE = 500;

/** What is known of an order under a key. */
export interface Recorded {
  readonly id: string;
  readonly state: "pending" | "placed" | "refused";
  readonly refusal: Refusal | null;
  /** Whether it asked for the same. */
  readonly same: boolean;
}

/** An order whose outcome is open. */
export interface Pending {
  readonly id: string;
  readonly requested: readonly Wanted[];
}

/** Remembers the wish under its key; returns what is known, which is an earlier wish if the key was used before. */
export async function recordRequest(
  database: Queryable,
  { id, userId, key, requested }: { id: string; userId: string; key: string; requested: readonly Wanted[] },
): Promise<Recorded> {
  const values = [id, userId, key, JSON.stringify(requested)];
  await database.query({
    name: "billing-record-request",
    text: `
      INSERT INTO billing.orders (id, user_id, idempotency_key, requested, state) VALUES ($1, $2, $3, $4::jsonb, 'pending')
      ON CONFLICT (user_id, idempotency_key) DO NOTHING`,
    values,
  });
  const { rows } = await database.query<Recorded>({
    name: "billing-recorded-request",
    text: `SELECT id, state, refusal, requested = $3::jsonb AS same FROM billing.orders WHERE user_id = $1 AND idempotency_key = $2`,
    values: [userId, key, JSON.stringify(requested)],
  });
  const recorded = rows[0];
  if (recorded === undefined) throw new Error("an order that was just recorded is missing");
  return recorded;
}

/** Turns a pending order into a placed one, with its lines and the event that tells of it, in one statement. Does nothing to an order that is settled. */
export async function placeOrder(database: Queryable, id: string, lines: readonly Reserved[], currency: string): Promise<void> {
  const total = totalCents(lines);
  const told = {
    orderId: id,
    totalCents: total,
    currency,
    lines: lines.map(({ productId, quantity, unitPriceCents }) => ({ productId, quantity, unitPriceCents })),
  } satisfies Omit<OrderPlaced, "userId">;
  await database.query({
    name: "billing-place-order",
    text: `
      WITH placed AS (
        UPDATE billing.orders SET state = 'placed', total_cents = $2, currency = $3, settled_at = now()
        WHERE id = $1 AND state = 'pending' RETURNING id, user_id
      ), event AS (
        INSERT INTO billing.outbox (id, name, data) SELECT $8, $9, $10::jsonb || jsonb_build_object('userId', user_id) FROM placed
      )
      INSERT INTO billing.order_lines (order_id, line, product_id, product_name, quantity, unit_price_cents)
      SELECT placed.id, l.line, l.product_id, l.name, l.quantity, l.price
      FROM placed, unnest($4::text[], $5::text[], $6::integer[], $7::integer[])
        WITH ORDINALITY AS l (product_id, name, quantity, price, line)`,
    values: [
      id,
      total,
      currency,
      lines.map((line) => line.productId),
      lines.map((line) => line.name),
      lines.map((line) => line.quantity),
      lines.map((line) => line.unitPriceCents),
      uuidv7(),
      orderPlaced.name,
      JSON.stringify(told),
    ],
  });
}

/** Settles a pending order as refused. Does nothing to an order that is settled. */
export async function refuseOrder(database: Queryable, id: string, refusal: Refusal): Promise<void> {
  await database.query({
    text: "UPDATE billing.orders SET state = 'refused', refusal = $2::jsonb, settled_at = now() WHERE id = $1 AND state = 'pending'",
    values: [id, JSON.stringify(refusal)],
  });
}

/** Orders left open for a while by a process that ended between two steps. */
export async function pendingOrders(database: Queryable, olderThanSeconds: number, limit: number): Promise<Pending[]> {
  const { rows } = await database.query<Pending>({
    text: `
      SELECT id, requested FROM billing.orders
      WHERE state = 'pending' AND created_at < now() - make_interval(secs => $1) ORDER BY created_at LIMIT $2`,
    values: [olderThanSeconds, limit],
  });
  return rows;
}

const ORDER = `
  SELECT o.id, o.created_at AS "createdAt", o.total_cents AS "totalCents", o.currency,
    (SELECT json_agg(json_build_object('productId', l.product_id, 'name', l.product_name, 'quantity', l.quantity,
                                       'unitPriceCents', l.unit_price_cents) ORDER BY l.line)
     FROM billing.order_lines AS l WHERE l.order_id = o.id) AS lines
  FROM billing.orders AS o WHERE o.user_id = $1 AND o.state = 'placed'`;

type OrderRow = Order & { lines: OrderLine[] };

/** A placed order of this person. */
export async function orderOf(database: Queryable, userId: string, id: string): Promise<Order | undefined> {
  const { rows } = await database.query<OrderRow>({
    name: "billing-order",
    text: `${ORDER} AND o.id = $2`,
    values: [userId, id],
  });
  return rows[0];
}

/** The placed orders of this person before the one with this id, newest first. */
export async function ordersOf(database: Queryable, userId: string, before: string, limit: number): Promise<Order[]> {
  const { rows } = await database.query<OrderRow>({
    name: "billing-orders",
    text: `${ORDER} AND o.id < $2 ORDER BY o.id DESC LIMIT $3`,
    values: [userId, before, limit],
  });
  return rows;
}

/** Everything that a person has ordered or tried to, oldest first. */
export async function allOrdersOf(database: Queryable, userId: string): Promise<unknown[]> {
  const orders: { readonly id: string }[] = [];
  for (let last = ""; ; last = orders.at(-1)?.id ?? "") {
    const { rows } = await database.query<{ id: string }>({
      text: `
        SELECT o.id, o.state, o.created_at AS "createdAt", o.requested, o.total_cents AS "totalCents", o.currency,
          (SELECT json_agg(json_build_object('productId', l.product_id, 'name', l.product_name, 'quantity', l.quantity,
                                             'unitPriceCents', l.unit_price_cents) ORDER BY l.line)
           FROM billing.order_lines AS l WHERE l.order_id = o.id) AS lines
        FROM billing.orders AS o WHERE o.user_id = $1 AND ($2 = '' OR o.id > $2::uuid) ORDER BY o.id LIMIT $3`,
      values: [userId, last, EXPORTED_AT_ONCE],
    });
    orders.push(...rows);
    if (rows.length < EXPORTED_AT_ONCE) return orders;
  }
}

/** Takes a person off their orders: each then belongs to an unknown person of its own. */
export async function unlinkOrders(database: Queryable, userId: string): Promise<void> {
  await database.query({
    text: "UPDATE billing.orders SET user_id = gen_random_uuid(), idempotency_key = id::text WHERE user_id = $1",
    values: [userId],
  });
}

import type { Queryable } from "../../platform/database/database.ts";
import type { Order, OrderLine, Request } from "./orders.ts";

const EXPORTED_AT_ONCE = 500;

const ORDER = `
  SELECT o.id, o.created_at AS "createdAt", o.total_cents AS "totalCents", o.currency,
    CASE WHEN o.state = 'unpaid' THEN 'unpaid' WHEN r.order_id IS NULL THEN 'placed' WHEN r.done_at IS NULL THEN 'refunding' ELSE 'refunded' END
      AS state,
    (SELECT json_agg(json_build_object('productId', l.product_id, 'name', l.product_name, 'quantity', l.quantity,
                                       'unitPriceCents', l.unit_price_cents) ORDER BY l.line)
     FROM billing.order_lines AS l WHERE l.order_id = o.id) AS lines
  FROM billing.orders AS o LEFT JOIN billing.refunds AS r ON r.order_id = o.id
  WHERE o.user_id = $1 AND o.state IN ('unpaid', 'placed')`;

type OrderRow = Order & { lines: OrderLine[] };

/** An order of this person that is placed or waits for its payment. */
export async function orderOf(database: Queryable, userId: string, id: string): Promise<Order | undefined> {
  const { rows } = await database.query<OrderRow>({
    name: "billing-order",
    text: `${ORDER} AND o.id = $2`,
    values: [userId, id],
  });
  return rows[0];
}

/** Such orders of this person before the one with this id, newest first. */
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

/** What was asked for under a key; undefined if nothing was. */
export async function requestOf(database: Queryable, userId: string, key: string): Promise<Request | undefined> {
  const { rows } = await database.query<{ requested: Request }>({
    name: "billing-request",
    text: "SELECT requested FROM billing.orders WHERE user_id = $1 AND idempotency_key = $2",
    values: [userId, key],
  });
  return rows[0]?.requested;
}

/** Takes a person off their orders, and what is in their cart away: each then belongs to an unknown person of its own. */
export async function unlinkOrders(database: Queryable, userId: string): Promise<void> {
  await database.query({ text: "DELETE FROM billing.cart_lines WHERE user_id = $1", values: [userId] });
  await database.query({
    text: "UPDATE billing.orders SET user_id = gen_random_uuid(), idempotency_key = id::text WHERE user_id = $1",
    values: [userId],
  });
}

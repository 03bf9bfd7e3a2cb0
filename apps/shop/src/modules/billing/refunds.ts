import { z } from "zod";
import type { Database } from "../../platform/database/database.ts";
import type { JobKind } from "../jobs/index.ts";
import type { PaymentProvider } from "./payments.ts";

/** A person may send back what they bought for so long (Directive 2011/83/EU, article 9). */
const WITHIN_DAYS = 14;

/** Whether money is on its way back: not when there is no such order, or it was bought too long ago. */
export type Refund = "refunding" | "unknown-order" | "too-late";

/** Writes down that a person wants the money of their own order back. The second time it changes nothing. */
export async function recordRefund(database: Database, userId: string, orderId: string): Promise<Refund> {
  const { rows } = await database.query<{ inTime: boolean; known: boolean }>({
    text: `
      WITH bought AS (
        SELECT o.id, o.total_cents, o.settled_at > now() - make_interval(days => $3) AS in_time,
          EXISTS (SELECT FROM billing.refunds AS r WHERE r.order_id = o.id) AS known
        FROM billing.orders AS o WHERE o.id = $2 AND o.user_id = $1 AND o.state = 'placed'
      ), asked AS (
        INSERT INTO billing.refunds (order_id, amount_cents) SELECT id, total_cents FROM bought WHERE in_time
        ON CONFLICT (order_id) DO NOTHING
      )
      SELECT in_time AS "inTime", known FROM bought`,
    values: [userId, orderId, WITHIN_DAYS],
  });
  const [bought] = rows;
  if (bought === undefined) return "unknown-order";
  return bought.inTime || bought.known ? "refunding" : "too-late";
}

/** Gives the money of an order back, as soon as the provider takes it. */
export function giveBack(database: Database, payments: PaymentProvider): JobKind<{ readonly orderId: string }> {
  return {
    name: "refund-order",
    input: z.object({ orderId: z.guid() }),
    async run({ orderId }) {
      await payments.refund(orderId);
      await database.query({
        text: "UPDATE billing.refunds SET done_at = coalesce(done_at, now()) WHERE order_id = $1",
        values: [orderId],
      });
    },
  };
}

import { z } from "zod";
import type { Database } from "../../platform/database/database.ts";
import type { JobKind } from "../jobs/index.ts";
import { invoicePdf } from "./invoice-pdf.ts";
import { orderOf } from "./reading.ts";

/** Any number, the same in every version: one invoice gets its number at a time. */
const LOCK = 7_305_144;

/** The invoice of a person's own order, as a PDF; undefined while it is not made. */
export async function invoiceOf(database: Database, userId: string, orderId: string): Promise<Buffer | undefined> {
  const { rows } = await database.query<{ content: Buffer }>({
    name: "billing-invoice",
    text: `
      SELECT i.content FROM billing.invoices AS i JOIN billing.orders AS o ON o.id = i.order_id
      WHERE i.order_id = $1 AND o.user_id = $2`,
    values: [orderId, userId],
  });
  return rows[0]?.content;
}

/** Whether an order has its invoice. */
export async function hasInvoice(database: Database, orderId: string): Promise<boolean> {
  const { rowCount } = await database.query({
    name: "billing-has-invoice",
    text: "SELECT FROM billing.invoices WHERE order_id = $1",
    values: [orderId],
  });
  return rowCount === 1;
}

/** Makes the invoice of an order. It belongs to the person. */
export function makeInvoice(database: Database): JobKind<{ readonly orderId: string }> {
  return {
    name: "make-invoice",
    input: z.object({ orderId: z.guid() }),
    async run({ orderId }, { userId }) {
      const order = userId === undefined ? undefined : await orderOf(database, userId, orderId);
      // The person has left since: nobody asks for it any more.
      if (order === undefined) return;
      await database.transaction(async (transaction) => {
        await transaction.query({ text: "SELECT pg_advisory_xact_lock($1)", values: [LOCK] });
        const { rows } = await transaction.query<{ made: boolean; next: number }>({
          text: `
            SELECT EXISTS (SELECT FROM billing.invoices WHERE order_id = $1) AS made, coalesce(max(number), 0) + 1 AS next
            FROM billing.invoices`,
          values: [orderId],
        });
        const { made = false, next = 1 } = rows[0] ?? {};
        if (made) return;
        await transaction.query({
          text: "INSERT INTO billing.invoices (order_id, number, content) VALUES ($1, $2, $3)",
          values: [orderId, next, await invoicePdf(order, next)],
        });
      });
    },
  };
}

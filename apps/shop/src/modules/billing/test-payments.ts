import { setTimeout as delay } from "node:timers/promises";
import type { Queryable } from "../../platform/database/database.ts";
import type { Charge, ChargeState, PaymentProvider } from "./payments.ts";

/** What the test provider does for each means of payment. Nobody's money moves. */
export const testMethods = {
  "test-paid": "Test card that pays",
  "test-declined": "Test card that is declined",
  "test-slow": "Test card whose provider takes the money and does not answer in time",
  "test-late": "Test card that is decided later",
} as const;
/** A means of payment of the test provider. */
export type TestMethod = keyof typeof testMethods;

/** So long a provider is waited for, in milliseconds. */
const ANSWER_MS = 50;

/**
 * A provider for trying things out: declines, loses answers, and decides late, as told by the means of payment. What it has to remember is in a table, so that
 * all processes see the same.
 */
export function testPayments(database: Queryable): PaymentProvider {
  const remember = async (id: string, state: ChargeState): Promise<{ state: ChargeState; isNew: boolean }> => {
    const { rowCount } = await database.query({
      text: "INSERT INTO billing.test_charges (id, state) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING",
      values: [id, state],
    });
    const { rows } = await database.query<{ state: ChargeState }>({
      text: "SELECT state FROM billing.test_charges WHERE id = $1",
      values: [id],
    });
    return { state: rows[0]?.state ?? state, isNew: rowCount === 1 };
  };
  return {
    takes: (method) => Object.hasOwn(testMethods, method),
    async charge({ id, method }: Charge) {
      if (method === "test-declined") return "declined";
      if (method === "test-paid") return "paid";
      const { state, isNew } = await remember(id, method === "test-slow" ? "paid" : "pending");
      if (method !== "test-slow" || !isNew) return state;
      await delay(ANSWER_MS);
      throw new Error("the payment provider did not answer in time");
    },
    async refund(chargeId) {
      await database.query({
        text: `
          INSERT INTO billing.test_charges (id, state, refunded) VALUES ($1, 'declined', true)
          ON CONFLICT (id) DO UPDATE SET refunded = true`,
        values: [chargeId],
      });
    },
  };
}

/** Decides a charge that was left open, as the bank behind a provider does. */
export async function decideTestCharge(database: Queryable, id: string, state: "paid" | "declined"): Promise<void> {
  await database.query({
    text: "UPDATE billing.test_charges SET state = $2 WHERE id = $1 AND state = 'pending'",
    values: [id, state],
  });
}

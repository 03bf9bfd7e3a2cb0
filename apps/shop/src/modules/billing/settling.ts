import type { Database } from "../../platform/database/database.ts";
import type { Catalog, Refusal as CatalogRefusal } from "../catalog/index.ts";
import type { ChargeState, PaymentProvider } from "./payments.ts";
import { giveUpOrder, openOrder, placeOrder, refuseOrder, reserveOrder, type Open } from "./store.ts";

/** Why an order was not placed. */
export type Refusal = CatalogRefusal | { readonly reason: "payment-declined" } | { readonly reason: "payment-expired" };

/** How far an order is. */
export type Settlement =
  | { readonly kind: "placed" }
  | { readonly kind: "refused"; readonly refusal: Refusal }
  /** Nobody knows yet whether it is paid. */
  | { readonly kind: "unpaid" };

/** What settling needs. */
export interface SettlingNeeds {
  readonly database: Database;
  readonly catalog: Catalog;
  readonly payments: PaymentProvider;
  /** Called when an event was written. */
  readonly onEvent: () => void;
  /** Hears when the provider could not be asked. */
  readonly onFault: (error: unknown) => void;
}

/** Stock is kept for an unpaid order so long. */
const PAY_WITHIN_SECONDS = 15 * 60;

/**
 * Leads an order on as far as it goes, from wherever it is. Each step is safe to repeat and to run beside another one for the same order: the stock is reserved and
 * released, and the money taken and given back, under the order's id; what becomes of the order is decided by one statement on its row.
 */
export async function settle(needs: SettlingNeeds, id: string): Promise<Settlement> {
  const { database, catalog, payments, onEvent } = needs;
  let order = await openOrder(database, id);
  if (order.state === "pending") {
    const outcome = await catalog.reserve(id, order.requested);
    if (outcome.kind === "refused") {
      await refuseOrder(database, id, outcome.refusal);
      return { kind: "refused", refusal: outcome.refusal };
    }
    await reserveOrder(database, id, outcome.lines, outcome.currency);
    order = await openOrder(database, id);
  }
  if (order.state === "unpaid") {
    const paid = await charge(needs, order);
    if (paid === "pending" && order.ageSeconds < PAY_WITHIN_SECONDS) return { kind: "unpaid" };
    if (paid === "paid") {
      await placeOrder(database, id);
      onEvent();
    } else {
      await giveUpOrder(database, id, { reason: paid === "declined" ? "payment-declined" : "payment-expired" });
    }
    order = await openOrder(database, id);
  }
  if (order.state === "releasing") {
    // It may be paid this very moment, or later.
    if (order.refusal?.reason !== "payment-declined") await payments.refund(id);
    await catalog.release(id);
    await refuseOrder(database, id, order.refusal ?? { reason: "payment-expired" });
    order = await openOrder(database, id);
  }
  if (order.state === "placed") return { kind: "placed" };
  if (order.refusal === null) throw new Error(`order ${id} is ${order.state} after it was settled`);
  return { kind: "refused", refusal: order.refusal };
}

/** A provider that does not answer may have taken the money: that is asked again later, under the same id. */
async function charge({ payments, onFault }: SettlingNeeds, { id, totalCents, currency, method }: Open): Promise<ChargeState> {
  try {
    return await payments.charge({ id, amountCents: totalCents ?? 0, currency: currency ?? "", method });
  } catch (error) {
    onFault(error);
    return "pending";
  }
}

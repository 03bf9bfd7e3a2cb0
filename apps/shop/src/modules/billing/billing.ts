import type { Database } from "../../platform/database/database.ts";
import type { PersonalData } from "../../platform/personal-data.ts";
import { uuidv7 } from "../../platform/uuid.ts";
import type { Catalog, Refusal } from "../catalog/index.ts";
import type { Order, Request } from "./orders.ts";
import { allOrdersOf, orderOf, ordersOf, pendingOrders, placeOrder, recordRequest, refuseOrder, unlinkOrders } from "./store.ts";

/** How an attempt to order ended. */
export type Placement =
  | { readonly kind: "placed"; readonly order: Order }
  | { readonly kind: "refused"; readonly refusal: Refusal }
  /** The key was used before, for something else. */
  | { readonly kind: "key-reused" };

/** Some orders, newest first, and the id to go on from; undefined at the end. */
export interface OrderPage {
  readonly orders: readonly Order[];
  readonly next: string | undefined;
}

/** What other parts may ask of this module. */
export interface Billing {
  /** Orders once, however often it is asked under the same key: the same key gives the same answer. */
  place(userId: string, key: string, request: Request): Promise<Placement>;
  /** A person's own order. */
  order(userId: string, orderId: string): Promise<Order | undefined>;
  /** A person's own orders. */
  orders(userId: string, before: string | undefined, limit: number): Promise<OrderPage>;
  /** Finishes orders that a process left half done. Returns how many. @throws AggregateError when some could not be finished; the others then are */
  settlePending(): Promise<number>;
  /** A person's orders. What was sold has to be kept, but not by whom it was bought. */
  readonly personalData: PersonalData;
}

/** What the module needs. */
export interface BillingNeeds {
  readonly database: Database;
  readonly catalog: Catalog;
  /** Called when an event was written. @default - the relay finds it by itself */
  readonly onEvent?: () => void;
}

const LATEST = "ffffffff-ffff-ffff-ffff-ffffffffffff";
/** Longer than any request takes, so that only abandoned orders are picked up. */
const ABANDONED_SECONDS = 30;
const SETTLED_AT_ONCE = 50;

/**
 * An order is placed in three steps, each a transaction of its own and each safe to repeat: the wish is recorded under its key, the catalogue reserves the
 * stock under the order's id, the order is settled. Modules thus share no transaction, and a process may die between any two steps: the next attempt, or
 * {@link Billing.settlePending}, goes on where it stopped.
 */
export function createBilling({ database, catalog, onEvent }: BillingNeeds): Billing {
  const settle = async (id: string, requested: Request): Promise<Refusal | undefined> => {
    const outcome = await catalog.reserve(id, requested);
    if (outcome.kind === "reserved") {
      await placeOrder(database, id, outcome.lines, outcome.currency);
      onEvent?.();
      return undefined;
    }
    await refuseOrder(database, id, outcome.refusal);
    return outcome.refusal;
  };

  return {
    async place(userId, key, request) {
      const recorded = await recordRequest(database, { id: uuidv7(), userId, key, requested: request });
      if (!recorded.same) return { kind: "key-reused" };
      const refusal = recorded.state === "pending" ? await settle(recorded.id, request) : (recorded.refusal ?? undefined);
      if (refusal !== undefined) return { kind: "refused", refusal };
      const order = await orderOf(database, userId, recorded.id);
      if (order === undefined) throw new Error("an order that was just placed is missing");
      return { kind: "placed", order };
    },
    order: (userId, orderId) => orderOf(database, userId, orderId),
    async orders(userId, before, limit) {
      const found = await ordersOf(database, userId, before ?? LATEST, limit + 1);
      const orders = found.slice(0, limit);
      return { orders, next: found.length > limit ? orders.at(-1)?.id : undefined };
    },
    async settlePending() {
      const pending = await pendingOrders(database, ABANDONED_SECONDS, SETTLED_AT_ONCE);
      const failures: unknown[] = [];
      for (const { id, requested } of pending) await settle(id, requested).catch((error: unknown) => failures.push(error));
      if (failures.length > 0)
        throw new AggregateError(failures, `${failures.length} of ${pending.length} orders could not be settled`);
      return pending.length;
    },
    personalData: {
      part: "orders",
      exportOf: (userId) => allOrdersOf(database, userId),
      forget: (userId) => unlinkOrders(database, userId),
    },
  };
}

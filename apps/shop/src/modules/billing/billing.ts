import type { Database } from "../../platform/database/database.ts";
import type { PersonalData } from "../../platform/personal-data.ts";
import { uuidv7 } from "../../platform/uuid.ts";
import type { Catalog } from "../catalog/index.ts";
import type { JobKind, Jobs } from "../jobs/index.ts";
import { type Carts, createCarts } from "./cart.ts";
import { cartLines } from "./cart-store.ts";
import { invoiceOf, hasInvoice, makeInvoice } from "./invoices.ts";
import type { Order, Request } from "./orders.ts";
import type { PaymentProvider } from "./payments.ts";
import { allOrdersOf, orderOf, ordersOf, requestOf, unlinkOrders } from "./reading.ts";
import { giveBack, recordRefund, type Refund } from "./refunds.ts";
import { type Refusal, settle, type SettlingNeeds } from "./settling.ts";
import { openOrders, recordRequest } from "./store.ts";
import { testPayments } from "./test-payments.ts";

/** How an attempt to order ended. */
export type Placement =
  | { readonly kind: "placed"; readonly order: Order }
  /** The payment is not decided yet: the order is there, and will be placed or not. */
  | { readonly kind: "unpaid"; readonly order: Order }
  | { readonly kind: "refused"; readonly refusal: Refusal }
  /** The key was used before, for something else. */
  | { readonly kind: "key-reused" };

/** How an attempt to order what is in the cart ended. */
export type Checkout = Placement | { readonly kind: "empty" };

/** Some orders, newest first, and the id to go on from; undefined at the end. */
export interface OrderPage {
  readonly orders: readonly Order[];
  readonly next: string | undefined;
}

/** What other parts may ask of this module. */
export interface Billing {
  readonly carts: Carts;
  /** Whether something can be paid with this. */
  takes(method: string): boolean;
  /** Orders once, however often it is asked under the same key: the same key gives the same answer. `method` is what is paid with. */
  place(userId: string, key: string, request: Request, method?: string): Promise<Placement>;
  /** Orders what is in a person's cart, once under a key, and takes it out of the cart. */
  checkOut(userId: string, key: string, method: string): Promise<Checkout>;
  /** A person's own order. */
  order(userId: string, orderId: string): Promise<Order | undefined>;
  /** A person's own orders. */
  orders(userId: string, before: string | undefined, limit: number): Promise<OrderPage>;
  /** The invoice of a person's own order, as a PDF; undefined while it is not made. */
  invoice(userId: string, orderId: string): Promise<Buffer | undefined>;
  hasInvoice(orderId: string): Promise<boolean>;
  /** Has the invoice of an order made, once. */
  requestInvoice(userId: string, orderId: string): Promise<void>;
  /** Gives the money of a person's own order back. */
  refund(userId: string, orderId: string): Promise<Refund>;
  /** The provider has decided a payment. Asks it, rather than believing what was said. */
  paymentDecided(orderId: string): Promise<void>;
  /** Finishes orders that a process left half done, or whose payment was not decided. Returns how many it looked at. @throws AggregateError when some could not be finished; the others then are */
  settlePending(): Promise<number>;
  /** A person's cart and orders. What was sold has to be kept, but not by whom it was bought. */
  readonly personalData: PersonalData;
  /** What this module does in the background. */
  readonly jobs: readonly JobKind[];
}

/** What the module needs. */
export interface BillingNeeds {
  readonly database: Database;
  readonly catalog: Catalog;
  readonly jobs: Pick<Jobs, "add">;
  /** @default - the test provider */
  readonly payments?: PaymentProvider;
  /** Called when an event was written. @default - the relay finds it by itself */
  readonly onEvent?: () => void;
  /** Hears when the payment provider could not be asked. @default - nobody does; it is asked again */
  readonly onFault?: (error: unknown) => void;
}

const LATEST = "ffffffff-ffff-ffff-ffff-ffffffffffff";
/** Longer than any request takes, so that only abandoned orders are picked up. */
const ABANDONED_SECONDS = 30;
const SETTLED_AT_ONCE = 50;
const USUAL_METHOD = "test-paid";

/**
 * An order is placed in steps, each a transaction of its own and each safe to repeat: the wish is recorded under its key, the catalogue reserves the stock under the
 * order's id, the provider takes the money under the order's id, the order is settled. Modules thus share no transaction, and a process may die between any two
 * steps: the next attempt, or {@link Billing.settlePending}, goes on where it stopped.
 */
export function createBilling(given: BillingNeeds): Billing {
  const { database, catalog, jobs, payments = testPayments(database), onEvent = nothing, onFault = nothing } = given;
  const needs: SettlingNeeds = { database, catalog, payments, onEvent, onFault };
  const [invoices, refunds] = [makeInvoice(database), giveBack(database, payments)];
  const carts = createCarts(database, catalog);

  const outcomeOf = async (userId: string, id: string): Promise<Placement> => {
    const settlement = await settle(needs, id);
    if (settlement.kind === "refused") return settlement;
    const order = await orderOf(database, userId, id);
    if (order === undefined) throw new Error(`an order that is ${settlement.kind} is missing`);
    return { kind: settlement.kind, order };
  };
  const place: Billing["place"] = async (userId, key, requested, method = USUAL_METHOD) => {
    const recorded = await recordRequest(database, { id: uuidv7(), userId, key, requested, method });
    return recorded.same ? outcomeOf(userId, recorded.id) : { kind: "key-reused" };
  };

  return {
    carts,
    takes: (method) => payments.takes(method),
    place,
    async checkOut(userId, key, method) {
      // What is in the cart now may be something else than when the key came first.
      const requested = (await requestOf(database, userId, key)) ?? (await cartLines(database, userId));
      if (requested.length === 0) return { kind: "empty" };
      const placement = await place(userId, key, requested, method);
      if (placement.kind === "placed" || placement.kind === "unpaid")
        await carts.empty(
          userId,
          requested.map(({ productId }) => productId),
        );
      return placement;
    },
    order: (userId, orderId) => orderOf(database, userId, orderId),
    async orders(userId, before, limit) {
      const found = await ordersOf(database, userId, before ?? LATEST, limit + 1);
      const orders = found.slice(0, limit);
      return { orders, next: found.length > limit ? orders.at(-1)?.id : undefined };
    },
    invoice: (userId, orderId) => invoiceOf(database, userId, orderId),
    hasInvoice: (orderId) => hasInvoice(database, orderId),
    async requestInvoice(userId, orderId) {
      await jobs.add(invoices, { input: { orderId }, userId, key: `${invoices.name} ${orderId}` });
    },
    async refund(userId, orderId) {
      const refund = await recordRefund(database, userId, orderId);
      if (refund === "refunding") await jobs.add(refunds, { input: { orderId }, userId, key: `${refunds.name} ${orderId}` });
      return refund;
    },
    async paymentDecided(orderId) {
      await settle(needs, orderId);
    },
    async settlePending() {
      const ids = await openOrders(database, ABANDONED_SECONDS, SETTLED_AT_ONCE);
      const failures: unknown[] = [];
      for (const id of ids) await settle(needs, id).catch((error: unknown) => failures.push(error));
      if (failures.length > 0)
        throw new AggregateError(failures, `${failures.length} of ${ids.length} orders could not be settled`);
      return ids.length;
    },
    personalData: {
      part: "orders",
      exportOf: async (userId) => ({ cart: await cartLines(database, userId), placed: await allOrdersOf(database, userId) }),
      forget: (userId) => unlinkOrders(database, userId),
    },
    jobs: [invoices, refunds],
  };
}

function nothing(): void {
  // The usual way is the only one.
}

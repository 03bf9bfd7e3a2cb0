import type { Database } from "../../platform/database/database.ts";
import { hearOnce, sweepInbox } from "../../platform/events/inbox.ts";
import { productId } from "./product-id.ts";
import { type Outcome, type Wanted, decide } from "./reservation.ts";
import {
  countSold,
  lockProducts,
  lockReservation,
  productById,
  type ProductDetailRow,
  type ProductRow,
  productsAfter,
  productsBySold,
  recordReservation,
  reservationOutcome,
  takeStock,
} from "./store.ts";

/** Where a page begins: after the product with this name and id. */
export interface Position {
  readonly name: string;
  readonly id: string;
}

/** Some products, and where the next ones begin; undefined at the end. */
export interface ProductPage {
  readonly products: readonly ProductRow[];
  readonly next: Position | undefined;
}

/** What other parts may ask of this module. */
export interface Catalog {
  /** At most `limit` products by name, after `after` or from the beginning. */
  page(after: Position | undefined, limit: number): Promise<ProductPage>;
  /** Undefined for an id that no product has or could have. */
  product(id: string): Promise<ProductDetailRow | undefined>;
  /** At most `limit` products, those that sold best first. What sold nothing yet is not among them. */
  popular(limit: number): Promise<readonly ProductRow[]>;
  /** Counts what an event says was sold, once, however often the event comes. */
  countSold(eventId: string, sold: readonly Wanted[]): Promise<void>;
  /** Forgets events that cannot come again. */
  sweep(): Promise<void>;
  /** Takes everything wanted off the stock, or nothing. Asked again under the same id it does nothing and answers the same. */
  reserve(reservationId: string, wanted: readonly Wanted[]): Promise<Outcome>;
}

const SCHEMA = "catalog";

export function createCatalog(database: Database): Catalog {
  return {
    async page(after, limit) {
      // One more than asked for tells whether there is a next page.
      const found = await productsAfter(database, after?.name ?? "", after?.id ?? "", limit + 1);
      const products = found.length > limit ? found.slice(0, limit) : found;
      const last = products.at(-1);
      return { products, next: found.length > limit && last !== undefined ? { name: last.name, id: last.id } : undefined };
    },
    product: (id) => (productId.safeParse(id).success ? productById(database, id) : Promise.resolve(undefined)),
    popular: (limit) => productsBySold(database, limit),
    countSold: (eventId, sold) =>
      database.transaction(async (transaction) => {
        if (await hearOnce(transaction, SCHEMA, "count-sold", eventId)) await countSold(transaction, sold);
      }),
    async sweep() {
      while ((await sweepInbox(database, SCHEMA)) > 0);
    },
    reserve: (reservationId, wanted) =>
      database.transaction(async (transaction) => {
        const ids = wanted.map(({ productId }) => productId);
        // From here on, another attempt for the same id has either ended or not begun.
        await lockReservation(transaction, reservationId);
        const earlier = await reservationOutcome(transaction, reservationId);
        if (earlier !== undefined) return earlier as Outcome;
        const outcome = decide(wanted, await lockProducts(transaction, ids));
        if (outcome.kind === "reserved") {
          const quantities = wanted.map(({ quantity }) => quantity);
          await takeStock(transaction, ids, quantities);
        }
        await recordReservation(transaction, reservationId, outcome);
        return outcome;
      }),
  };
}

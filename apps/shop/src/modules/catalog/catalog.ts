import type { Database } from "../../platform/database/database.ts";
import { hearOnce, sweepInbox } from "../../platform/events/inbox.ts";
import { productId } from "./product-id.ts";
import { type Outcome, type Wanted, decide } from "./reservation.ts";
import { type Find, postgresSearch, type ProductSearch, type Question } from "./search.ts";
import {
  allCategories,
  type Category,
  countSold,
  lockProducts,
  lockReservation,
  type Price,
  pricesOf,
  productById,
  type ProductDetailRow,
  type ProductRow,
  productsAfter,
  productsByIds,
  productsOfCategoryAfter,
  productsBySold,
  recordReservation,
  releaseReservation,
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

/** Which products are meant. */
export interface PageOf {
  /** The id of a category. @default - all products */
  readonly category?: string | undefined;
  /** @default - from the beginning */
  readonly after?: Position | undefined;
}

/** Some finds, best first, and where the next ones begin; undefined at the end. */
export interface FindPage {
  readonly products: readonly ProductRow[];
  readonly next: Find | undefined;
}

/** What other parts may ask of this module. */
export interface Catalog {
  /** All categories, in their order. */
  categories(): Promise<readonly Category[]>;
  /** At most `limit` products by name. A category that there is not has none. */
  page(which: PageOf, limit: number): Promise<ProductPage>;
  /** At most `limit` products that fit a question. */
  search(question: Question): Promise<FindPage>;
  /** What a product cost, latest first; empty for an id that no product has or could have. */
  prices(id: string): Promise<readonly Price[]>;
  /** Undefined for an id that no product has or could have. */
  product(id: string): Promise<ProductDetailRow | undefined>;
  /** These products, in no particular order; what is not there is left out. */
  products(ids: readonly string[]): Promise<readonly ProductRow[]>;
  /** At most `limit` products, those that sold best first. What sold nothing yet is not among them. */
  popular(limit: number): Promise<readonly ProductRow[]>;
  /** Counts what an event says was sold, once, however often the event comes. */
  countSold(eventId: string, sold: readonly Wanted[]): Promise<void>;
  /** Forgets events that cannot come again. */
  sweep(): Promise<void>;
  /** Takes everything wanted off the stock, or nothing. Asked again under the same id it does nothing and answers the same. */
  reserve(reservationId: string, wanted: readonly Wanted[]): Promise<Outcome>;
  /** Gives back what was taken under this id, once. Nothing happens when nothing was. */
  release(reservationId: string): Promise<void>;
}

/** Before every name. */
const FIRST: Position = { name: "", id: "" };
const SCHEMA = "catalog";

/** Shown at most; a price changes a few times a year. */
const MOST_PRICES = 100;

/** `finder` searches with PostgreSQL unless given. */
export function createCatalog(database: Database, finder: ProductSearch = postgresSearch(database)): Catalog {
  return {
    categories: () => allCategories(database),
    async search(question) {
      // One more than asked for tells whether there is a next page.
      const found = await finder.find({ ...question, limit: question.limit + 1 });
      const finds = found.slice(0, question.limit);
      const rows = new Map(
        (
          await productsByIds(
            database,
            finds.map(({ id }) => id),
          )
        ).map((row) => [row.id, row]),
      );
      // One that was removed after it was found is left out.
      const products = finds.map(({ id }) => rows.get(id)).filter((row) => row !== undefined);
      return { products, next: found.length > question.limit ? finds.at(-1) : undefined };
    },
    prices: (id) => (productId.safeParse(id).success ? pricesOf(database, id, MOST_PRICES) : Promise.resolve([])),
    async page({ category, after = FIRST }, limit) {
      // One more than asked for tells whether there is a next page.
      const found =
        category === undefined
          ? await productsAfter(database, after.name, after.id, limit + 1)
          : await productsOfCategoryAfter(database, category, after, limit + 1);
      const products = found.length > limit ? found.slice(0, limit) : found;
      const last = products.at(-1);
      return { products, next: found.length > limit && last !== undefined ? { name: last.name, id: last.id } : undefined };
    },
    product: (id) => (productId.safeParse(id).success ? productById(database, id) : Promise.resolve(undefined)),
    products: (ids) => (ids.length === 0 ? Promise.resolve([]) : productsByIds(database, ids)),
    popular: (limit) => productsBySold(database, limit),
    countSold: (eventId, sold) =>
      database.transaction(async (transaction) => {
        if (await hearOnce(transaction, SCHEMA, "count-sold", eventId)) await countSold(transaction, sold);
      }),
    async sweep() {
      while ((await sweepInbox(database, SCHEMA)) > 0);
    },
    release: (reservationId) =>
      database.transaction(async (transaction) => {
        await lockReservation(transaction, reservationId);
        const lines = await releaseReservation(transaction, reservationId);
        if (lines.length === 0) return;
        const ids = lines.map(({ productId }) => productId);
        await lockProducts(transaction, ids);
        await takeStock(
          transaction,
          ids,
          lines.map(({ quantity }) => -quantity),
        );
      }),
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

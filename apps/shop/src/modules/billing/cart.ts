import type { Queryable } from "../../platform/database/database.ts";
import type { Catalog, ProductRow } from "../catalog/index.ts";
import { addToCart, cartLines, emptyCart, removeFromCart, setInCart } from "./cart-store.ts";
import { MOST_LINES, MOST_PIECES } from "./input.ts";
import { totalCents } from "./orders.ts";

/** Some of a product that somebody wants, at the price of the moment. */
export interface CartLine {
  readonly product: ProductRow;
  readonly quantity: number;
}

/** What somebody has picked and not ordered. */
export interface Cart {
  readonly lines: readonly CartLine[];
  readonly totalCents: number;
}

/** Whether something is in the cart now: not when there is no such product, or no room for another one. */
export type Put = "put" | "unknown-product" | "full";

/** People's carts. They reserve nothing: who orders first gets it. */
export interface Carts {
  /** What is gone from the catalogue is left out. */
  cart(userId: string): Promise<Cart>;
  /** Puts some more of a product in, up to 20 pieces. */
  add(userId: string, productId: string, quantity: number): Promise<Put>;
  /** Makes it so many of a product. */
  set(userId: string, productId: string, quantity: number): Promise<Put>;
  remove(userId: string, productId: string): Promise<void>;
  /** Takes out what was ordered. */
  empty(userId: string, productIds: readonly string[]): Promise<void>;
}

export function createCarts(database: Queryable, catalog: Pick<Catalog, "product" | "products">): Carts {
  const put = async (productId: string, write: () => Promise<boolean>): Promise<Put> => {
    if ((await catalog.product(productId)) === undefined) return "unknown-product";
    return (await write()) ? "put" : "full";
  };
  return {
    async cart(userId) {
      const wanted = await cartLines(database, userId);
      const products = new Map((await catalog.products(wanted.map(({ productId }) => productId))).map((one) => [one.id, one]));
      const lines = wanted.flatMap(({ productId, quantity }) => {
        const product = products.get(productId);
        return product === undefined ? [] : [{ product, quantity }];
      });
      const priced = lines.map(({ product, quantity }) => ({ quantity, unitPriceCents: product.priceCents }));
      return { lines, totalCents: totalCents(priced) };
    },
    add: (userId, productId, quantity) =>
      put(productId, () => addToCart(database, { userId, productId, quantity, mostPieces: MOST_PIECES, mostLines: MOST_LINES })),
    set: (userId, productId, quantity) =>
      put(productId, () => setInCart(database, { userId, productId, quantity, mostLines: MOST_LINES })),
    remove: (userId, productId) => removeFromCart(database, userId, productId),
    empty: (userId, productIds) => emptyCart(database, userId, productIds),
  };
}

import type { Queryable } from "../../platform/database/database.ts";
import type { Wanted } from "../catalog/index.ts";

/** What is in somebody's cart, in the order in which it was put there. */
export async function cartLines(database: Queryable, userId: string): Promise<Wanted[]> {
  const { rows } = await database.query<Wanted>({
    name: "billing-cart",
    text: `
      SELECT product_id AS "productId", quantity FROM billing.cart_lines WHERE user_id = $1 ORDER BY added_at, product_id`,
    values: [userId],
  });
  return rows;
}

/** Some of a product for somebody's cart. */
export interface CartChange {
  readonly userId: string;
  readonly productId: string;
  readonly quantity: number;
  /** The most lines that a cart holds. */
  readonly mostLines: number;
}

const ROOM = `
  (SELECT count(*) FROM billing.cart_lines WHERE user_id = $1 AND product_id <> $2) < $4`;

/** Adds to a line, up to a number of pieces. False when there is no room for another line. */
export async function addToCart(
  database: Queryable,
  { userId, productId, quantity, mostLines, mostPieces }: CartChange & { readonly mostPieces: number },
): Promise<boolean> {
  const { rowCount } = await database.query({
    name: "billing-cart-add",
    text: `
      INSERT INTO billing.cart_lines AS c (user_id, product_id, quantity) SELECT $1, $2, $3 WHERE ${ROOM}
      ON CONFLICT (user_id, product_id) DO UPDATE SET quantity = least(c.quantity + excluded.quantity, $5)`,
    values: [userId, productId, quantity, mostLines, mostPieces],
  });
  return rowCount === 1;
}

/** Writes a line. False when there is no room for another one. */
export async function setInCart(database: Queryable, { userId, productId, quantity, mostLines }: CartChange): Promise<boolean> {
  const { rowCount } = await database.query({
    name: "billing-cart-set",
    text: `
      INSERT INTO billing.cart_lines (user_id, product_id, quantity) SELECT $1, $2, $3 WHERE ${ROOM}
      ON CONFLICT (user_id, product_id) DO UPDATE SET quantity = excluded.quantity`,
    values: [userId, productId, quantity, mostLines],
  });
  return rowCount === 1;
}

/** Takes a product out. */
export async function removeFromCart(database: Queryable, userId: string, productId: string): Promise<void> {
  await emptyCart(database, userId, [productId]);
}

/** Takes these products out. */
export async function emptyCart(database: Queryable, userId: string, productIds: readonly string[]): Promise<void> {
  await database.query({
    name: "billing-cart-empty",
    text: "DELETE FROM billing.cart_lines WHERE user_id = $1 AND product_id = ANY($2::text[])",
    values: [userId, productIds],
  });
}

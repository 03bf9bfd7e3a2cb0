import type { Queryable } from "../../platform/database/database.ts";
import type { Wanted } from "./reservation.ts";

/** A product on a page of many. */
export interface ProductRow {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly summary: string;
  readonly priceCents: number;
  readonly currency: string;
  readonly stock: number;
}

/** A product with its description. */
export interface ProductDetailRow extends ProductRow {
  readonly description: string;
  /** The id of its category; null if it is in none. */
  readonly category: string | null;
  /** The least that it cost within the last thirty days. */
  readonly lowestCents: number;
}

const COLUMNS = `id, name, kind, summary, price_cents AS "priceCents", currency, stock`;

/** A category. */
export interface Category {
  readonly id: string;
  readonly name: string;
}

/** A price and when it began. */
export interface Price {
  readonly since: Date;
  readonly priceCents: number;
  readonly currency: string;
}

/** All categories, in their order. */
export async function allCategories(database: Queryable): Promise<Category[]> {
  const { rows } = await database.query<Category>({
    name: "catalog-categories",
    text: "SELECT id, name FROM catalog.categories ORDER BY position",
  });
  return rows;
}

/** The next products of a category after a name and id, in their order. One range of the index `products_by_category`. */
export async function productsOfCategoryAfter(
  database: Queryable,
  category: string,
  { name, id }: { readonly name: string; readonly id: string },
  limit: number,
): Promise<ProductRow[]> {
  const { rows } = await database.query<ProductRow>({
    name: "catalog-products-of-category-after",
    text: `
      SELECT ${COLUMNS} FROM catalog.products WHERE category = $1 AND (name, id) > ($2, $3) ORDER BY name, id LIMIT $4`,
    values: [category, name, id, limit],
  });
  return rows;
}

/** These products, in no particular order. */
export async function productsByIds(database: Queryable, ids: readonly string[]): Promise<ProductRow[]> {
  const { rows } = await database.query<ProductRow>({
    name: "catalog-products-by-ids",
    text: `SELECT ${COLUMNS} FROM catalog.products WHERE id = ANY($1::text[])`,
    values: [ids],
  });
  return rows;
}

/** What a product cost, latest first. */
export async function pricesOf(database: Queryable, id: string, limit: number): Promise<Price[]> {
  const { rows } = await database.query<Price>({
    name: "catalog-prices",
    text: `
      SELECT h.since, h.price_cents AS "priceCents", p.currency FROM catalog.prices AS h JOIN catalog.products AS p ON p.id = h.product_id
      WHERE h.product_id = $1 ORDER BY h.since DESC LIMIT $2`,
    values: [id, limit],
  });
  return rows;
}

/** The next products after a name and id, in their order. One range of the index `products_by_name`. */
export async function productsAfter(database: Queryable, name: string, id: string, limit: number): Promise<ProductRow[]> {
  const { rows } = await database.query<ProductRow>({
    name: "catalog-products-after",
    text: `SELECT ${COLUMNS} FROM catalog.products WHERE (name, id) > ($1, $2) ORDER BY name, id LIMIT $3`,
    values: [name, id, limit],
  });
  return rows;
}

export async function productById(database: Queryable, id: string): Promise<ProductDetailRow | undefined> {
  const { rows } = await database.query<ProductDetailRow>({
    name: "catalog-product-by-id",
    // A price that began before the thirty days counts as long as it held within them.
    text: `
      SELECT ${COLUMNS}, description, category, (
        SELECT min(h.price_cents) FROM catalog.prices AS h WHERE h.product_id = p.id AND h.since >= coalesce((
          SELECT max(before.since) FROM catalog.prices AS before
          WHERE before.product_id = p.id AND before.since <= now() - interval '30 days'), '-infinity')
      ) AS "lowestCents"
      FROM catalog.products AS p WHERE id = $1`,
    values: [id],
  });
  return rows[0];
}

/** The products that sold best. The index `popularity_by_sold`, and a look-up for each. */
export async function productsBySold(database: Queryable, limit: number): Promise<ProductRow[]> {
  const { rows } = await database.query<ProductRow>({
    name: "catalog-products-by-sold",
    text: `
      SELECT ${COLUMNS} FROM (SELECT product_id, sold FROM catalog.popularity ORDER BY sold DESC, product_id LIMIT $1) AS best
      JOIN catalog.products ON id = product_id ORDER BY sold DESC, product_id`,
    values: [limit],
  });
  return rows;
}

/** Counts pieces as sold. In the order of their ids, as {@link lockProducts}. */
export async function countSold(transaction: Queryable, sold: readonly Wanted[]): Promise<void> {
  const lines = sold.toSorted((one, other) => (one.productId < other.productId ? -1 : 1));
  await transaction.query({
    name: "catalog-count-sold",
    // A product that is gone by now has no popularity.
    text: `
      INSERT INTO catalog.popularity AS p (product_id, sold)
      SELECT l.id, l.quantity FROM unnest($1::text[], $2::bigint[]) WITH ORDINALITY AS l (id, quantity, line)
      WHERE EXISTS (SELECT FROM catalog.products WHERE id = l.id) ORDER BY l.line
      ON CONFLICT (product_id) DO UPDATE SET sold = p.sold + excluded.sold`,
    values: [lines.map(({ productId }) => productId), lines.map(({ quantity }) => quantity)],
  });
}

/** The products, locked against other orders, in the order of their ids: whoever locks several, locks them in this order, so nobody waits in a circle. */
export async function lockProducts(transaction: Queryable, ids: readonly string[]): Promise<ProductRow[]> {
  const { rows } = await transaction.query<ProductRow>({
    name: "catalog-lock-products",
    text: `SELECT ${COLUMNS} FROM catalog.products WHERE id = ANY($1::text[]) ORDER BY id FOR NO KEY UPDATE`,
    values: [ids],
  });
  return rows;
}

/** Takes quantities off the stock of locked products. */
export async function takeStock(transaction: Queryable, ids: readonly string[], quantities: readonly number[]): Promise<void> {
  await transaction.query({
    name: "catalog-take-stock",
    text: `
      UPDATE catalog.products AS p SET stock = p.stock - taken.quantity, updated_at = now()
      FROM unnest($1::text[], $2::integer[]) AS taken (id, quantity) WHERE p.id = taken.id`,
    values: [ids, quantities],
  });
}

/** Lets one transaction at a time deal with a reservation, whether it exists or not. Held until the transaction ends. */
export async function lockReservation(transaction: Queryable, id: string): Promise<void> {
  await transaction.query({
    name: "catalog-lock-reservation",
    text: "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))",
    values: [id],
  });
}

/** What became of a reservation; undefined if it was never decided. */
export async function reservationOutcome(transaction: Queryable, id: string): Promise<unknown> {
  const { rows } = await transaction.query<{ outcome: unknown }>({
    name: "catalog-reservation",
    text: "SELECT outcome FROM catalog.reservations WHERE id = $1",
    values: [id],
  });
  return rows[0]?.outcome;
}

/** Remembers what became of a locked reservation. */
export async function recordReservation(transaction: Queryable, id: string, outcome: unknown): Promise<void> {
  await transaction.query({
    name: "catalog-record-reservation",
    text: "INSERT INTO catalog.reservations (id, outcome) VALUES ($1, $2::jsonb)",
    values: [id, JSON.stringify(outcome)],
  });
}

/** Marks a locked reservation as released. Returns its lines; none when there is nothing to give back, or not any more. */
export async function releaseReservation(transaction: Queryable, id: string): Promise<readonly Wanted[]> {
  const { rows } = await transaction.query<{ lines: readonly Wanted[] | null }>({
    name: "catalog-release-reservation",
    text: `
      UPDATE catalog.reservations SET released_at = now() WHERE id = $1 AND released_at IS NULL AND outcome->>'kind' = 'reserved'
      RETURNING outcome->'lines' AS lines`,
    values: [id],
  });
  return rows[0]?.lines ?? [];
}

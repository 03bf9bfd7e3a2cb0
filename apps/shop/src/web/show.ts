import type { Cart, Order } from "../modules/billing/index.ts";
import type { ProductRow } from "../modules/catalog/index.ts";
import type { Assets } from "./assets.ts";

const formats = new Map<string, Intl.NumberFormat>();
const dates = new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeZone: "UTC" });

/** The most pieces that a page offers at once. */
export const MOST_QUANTITY = 6;
/** Below this, people are told how few are left. */
const FEW = 20;

/** Cents as people write them, such as `€26.00`. */
export function money(cents: number, currency: string): string {
  let format = formats.get(currency);
  if (format === undefined) {
    format = new Intl.NumberFormat("en", { style: "currency", currency });
    formats.set(currency, format);
  }
  return format.format(cents / 100);
}

/** A day as people write it, such as `25 November 2026`. In UTC, as all that the shop says of time. */
export function day(date: Date): string {
  return dates.format(date);
}

/** A product as templates show it. */
export function shownProduct<T extends ProductRow>(
  product: T,
  assets: Assets,
): T & { price: string; note: string; picture: string } {
  const { id, priceCents, currency, stock } = product;
  const note = stock === 0 ? "Sold out" : stock < FEW ? `${stock} left` : "";
  return { ...product, price: money(priceCents, currency), note, picture: assets.picture(id) };
}

/** An order as templates show it. */
export function shownOrder({ id, state, createdAt, totalCents, currency, lines }: Order): Readonly<Record<string, unknown>> {
  return {
    id,
    state,
    iso: createdAt.toISOString(),
    date: day(createdAt),
    total: money(totalCents, currency),
    what: lines.map(({ name, quantity }) => (quantity === 1 ? name : `${quantity} × ${name}`)).join(", "),
    lines: lines.map((line) => ({
      ...line,
      price: money(line.unitPriceCents, currency),
      sum: money(line.unitPriceCents * line.quantity, currency),
    })),
  };
}

/** A cart as templates show it. */
export function shownCart({ lines, totalCents }: Cart): Readonly<Record<string, unknown>> {
  return {
    total: money(totalCents, lines[0]?.product.currency ?? "EUR"),
    lines: lines.map(({ product: { id, name, priceCents, currency, stock }, quantity }) => ({
      id,
      name,
      quantity,
      price: money(priceCents, currency),
      sum: money(priceCents * quantity, currency),
      note: stock === 0 ? "Sold out" : stock < quantity ? `Only ${stock} left` : "",
      // What was picked can always be chosen again, also when there is less of it by now.
      quantities: Array.from({ length: MOST_QUANTITY }, (_, index) => index + 1).concat(
        quantity > MOST_QUANTITY ? [quantity] : [],
      ),
    })),
  };
}

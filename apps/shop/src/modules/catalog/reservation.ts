import type { ProductRow } from "./store.ts";

/** Some of one product. A product appears once in a reservation. */
export interface Wanted {
  readonly productId: string;
  readonly quantity: number;
}

/** Some of one product at the name and price of the moment. */
export interface Reserved extends Wanted {
  readonly name: string;
  readonly unitPriceCents: number;
}

/** Why nothing was reserved. */
export type Refusal =
  | { readonly reason: "unknown-product"; readonly productId: string }
  | { readonly reason: "out-of-stock"; readonly productId: string; readonly name: string; readonly available: number };

export type Outcome =
  | { readonly kind: "reserved"; readonly lines: readonly Reserved[]; readonly currency: string }
  | { readonly kind: "refused"; readonly refusal: Refusal };

/** What becomes of a wish, given the products as they are: all of it or nothing. */
export function decide(wanted: readonly Wanted[], products: readonly ProductRow[]): Outcome {
  const byId = new Map(products.map((product) => [product.id, product]));
  const lines: Reserved[] = [];
  let currency = "";
  for (const { productId, quantity } of wanted) {
    const product = byId.get(productId);
    if (product === undefined) return { kind: "refused", refusal: { reason: "unknown-product", productId } };
    const { name, stock: available, priceCents: unitPriceCents } = product;
    if (available < quantity) return { kind: "refused", refusal: { reason: "out-of-stock", productId, name, available } };
    lines.push({ productId, quantity, name, unitPriceCents });
    currency = product.currency;
  }
  return { kind: "reserved", lines, currency };
}

import type { ProductRow } from "../modules/catalog/index.ts";
import type { Assets } from "./assets.ts";
import { shownProduct } from "./show.ts";
import type { Render } from "./views.ts";

/** More than the catalogue's first pages hold; beyond that all are made anew. */
const MOST = 2_000;

/** The card of a product on a page of many. It is kept for as long as the product stays as it is: cards are most of what a catalogue page is made of. */
export function createCards(render: Render, assets: Assets): (product: ProductRow) => string {
  const kept = new Map<string, { readonly product: ProductRow; readonly html: string }>();
  return (product) => {
    const known = kept.get(product.id);
    if (known !== undefined && isSame(known.product, product)) return known.html;
    if (kept.size >= MOST) kept.clear();
    const html = render("card", { product: shownProduct(product, assets) });
    kept.set(product.id, { product, html });
    return html;
  };
}

function isSame(one: ProductRow, other: ProductRow): boolean {
  for (const field in one) if (one[field as keyof ProductRow] !== other[field as keyof ProductRow]) return false;
  return true;
}

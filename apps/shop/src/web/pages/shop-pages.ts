import { randomUUID } from "node:crypto";
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { type Catalog, PAGE_SIZE, type ProductDetailRow, readCursor, writeCursor } from "../../modules/catalog/index.ts";
import { check, problems } from "../../platform/http/problem.ts";
import { remembered } from "../../platform/remembered.ts";
import { createCards } from "../cards.ts";
import { shownProduct } from "../show.ts";
import { type PageKit, sendPage, visit, type Visit } from "../visits.ts";

const MOST_QUANTITY = 6;

const catalogueQuery = z.object({ after: z.string().max(400).optional(), left: z.unknown().optional() });

/** One row of cards; fewer are no selection. */
const POPULAR = 4;
/** How long the selection stays the same: its order is nobody's hurry, and the page most asked for then costs one query. */
const POPULAR_MS = 30_000;

/** The catalogue and the product pages. */
export function shopPages(app: FastifyInstance, kit: PageKit, catalog: Catalog): void {
  const cardOf = createCards(kit.render, kit.assets);
  const popular = remembered(POPULAR_MS, () => catalog.popular(POPULAR));
  app.get("/", async (request, reply) => {
    const { after, left } = check(catalogueQuery, request.query);
    const position = after === undefined ? undefined : readCursor(after);
    const [someone, { products, next }, best] = await Promise.all([
      visit(kit, request, reply),
      catalog.page(position, PAGE_SIZE),
      position === undefined ? popular() : [],
    ]);
    return sendPage(kit, someone, {
      view: "catalogue",
      title: "",
      content: {
        notice: left === "1" ? "Your account is closed, and your data are being removed. Farewell." : "",
        cards: products.map(cardOf),
        popular: best.length < POPULAR ? [] : best.map(cardOf),
        next: next === undefined ? "" : writeCursor(next),
      },
    });
  });

  app.get<{ Params: { id: string } }>("/products/:id", async (request, reply) => {
    const [someone, product] = await Promise.all([visit(kit, request, reply), catalog.product(request.params.id)]);
    if (product === undefined) throw problems.notFound("piece");
    return sendProduct(kit, someone, product);
  });
}

/** The product's page, also after a purchase that did not work. Each page is one intent to buy: it carries its own key. */
export function sendProduct(
  kit: PageKit,
  someone: Visit,
  product: ProductDetailRow,
  failure?: { status: number; error: string },
): unknown {
  const most = Math.min(MOST_QUANTITY, product.stock);
  return sendPage(kit, someone, {
    view: "product",
    title: product.name,
    ...(failure !== undefined && { status: failure.status }),
    content: {
      product: shownProduct(product, kit.assets),
      quantities: Array.from({ length: most }, (_, index) => index + 1),
      key: randomUUID(),
      error: failure?.error ?? "",
    },
  });
}

import { randomUUID } from "node:crypto";
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import {
  type Catalog,
  PAGE_SIZE,
  productId,
  type ProductDetailRow,
  readCursor,
  readFindCursor,
  searchWords,
  writeCursor,
  writeFindCursor,
} from "../../modules/catalog/index.ts";
import { check, problems } from "../../platform/http/problem.ts";
import { remembered } from "../../platform/remembered.ts";
import { createCards } from "../cards.ts";
import { money, MOST_QUANTITY, shownProduct } from "../show.ts";
import { type PageKit, sendPage, visit, type Visit } from "../visits.ts";

const catalogueQuery = z.object({ after: z.string().max(400).optional(), left: z.unknown().optional() });

const pageQuery = z.object({ after: z.string().max(400).optional() });
const searchQuery = z.object({
  q: z.string().default(""),
  category: z.union([productId, z.literal("")]).default(""),
  after: z.string().max(400).optional(),
});

/** One row of cards; fewer are no selection. */
const POPULAR = 4;
/** How long the selection stays the same: its order is nobody's hurry, and the page most asked for then costs one query. */
const POPULAR_MS = 30_000;

/** The catalogue and the product pages. */
export function shopPages(app: FastifyInstance, kit: PageKit, catalog: Catalog): void {
  const cardOf = createCards(kit.render, kit.assets);
  const popular = remembered(POPULAR_MS, () => catalog.popular(POPULAR));
  const allCategories = remembered(POPULAR_MS, () => catalog.categories());
  app.get("/", async (request, reply) => {
    const { after, left } = check(catalogueQuery, request.query);
    const position = after === undefined ? undefined : readCursor(after);
    const [someone, { products, next }, best] = await Promise.all([
      visit(kit, request, reply),
      catalog.page({ after: position }, PAGE_SIZE),
      position === undefined ? popular() : [],
    ]);
    const categories = await allCategories();
    return sendPage(kit, someone, {
      view: "catalogue",
      title: "",
      content: {
        categories: categories.map((category) => ({ ...category, here: false })),
        notice: left === "1" ? "Your account is closed, and your data are being removed. Farewell." : "",
        cards: products.map(cardOf),
        popular: best.length < POPULAR ? [] : best.map(cardOf),
        next: next === undefined ? "" : writeCursor(next),
      },
    });
  });

  app.get<{ Params: { id: string } }>("/categories/:id", async (request, reply) => {
    const { after } = check(pageQuery, request.query);
    const all = await allCategories();
    const category = all.find(({ id }) => id === request.params.id);
    if (category === undefined) throw problems.notFound("category");
    const position = after === undefined ? undefined : readCursor(after);
    const [someone, { products, next }] = await Promise.all([
      visit(kit, request, reply),
      catalog.page({ category: category.id, after: position }, PAGE_SIZE),
    ]);
    return sendPage(kit, someone, {
      view: "category",
      title: category.name,
      content: {
        category,
        categories: all.map((one) => ({ ...one, here: one.id === category.id })),
        cards: products.map(cardOf),
        next: next === undefined ? "" : writeCursor(next),
      },
    });
  });

  app.get("/search", async (request, reply) => {
    const { q, category, after } = check(searchQuery, request.query);
    const [someone, categories] = [await visit(kit, request, reply), await allCategories()];
    const words = searchWords.safeParse(q);
    const wrong = q !== "" && !words.success ? (words.error.issues[0]?.message ?? "") : "";
    const { products, next } = words.success
      ? await catalog.search({
          words: words.data,
          category: category === "" ? undefined : category,
          after: after === undefined ? undefined : readFindCursor(after),
          limit: PAGE_SIZE,
        })
      : { products: [], next: undefined };
    return sendPage(kit, someone, {
      view: "search",
      title: "Search",
      ...(wrong !== "" && { status: 422 }),
      content: {
        words: q,
        wrong,
        asked: words.success,
        categories: categories.map((one) => ({ ...one, here: one.id === category })),
        cards: products.map(cardOf),
        next: next === undefined ? "" : new URLSearchParams({ q, category, after: writeFindCursor(next) }).toString(),
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
      // Who lowers a price says what it was before (Directive 98/6/EC, article 6a). Said whenever it was lower still, too.
      lowest: product.lowestCents === product.priceCents ? "" : money(product.lowestCents, product.currency),
      quantities: Array.from({ length: most }, (_, index) => index + 1),
      key: randomUUID(),
      error: failure?.error ?? "",
    },
  });
}

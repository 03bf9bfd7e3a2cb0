import { createHash } from "node:crypto";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { check, problems } from "../../platform/http/problem.ts";
import type { Catalog } from "./catalog.ts";
import { readCursor, readFindCursor, writeCursor, writeFindCursor } from "./cursors.ts";
import { productId } from "./product-id.ts";
import type { ProductRow } from "./store.ts";

/** Anybody may keep a copy for half a minute, and show an old one for a minute while fetching the new one: stock is checked again when it is bought. */
const CACHE = "public, max-age=30, stale-while-revalidate=60";

export const PAGE_SIZE = 24;
const MOST = 100;

/** What somebody types to find something. */
export const searchWords = z
  .string()
  .trim()
  .min(1, "Type what you look for.")
  .max(100, "Use at most 100 characters.")
  // Neither control characters, which PostgreSQL does not hold all of, nor halves of characters.
  .regex(/^[^\p{Cc}\p{Cs}]*$/u, "Use letters, digits, spaces and signs only.");

const query = z.object({
  q: searchWords.optional(),
  category: productId.optional(),
  sort: z.enum(["name", "popular"]).default("name"),
  after: z.string().max(400).optional(),
  limit: z.coerce.number().int().min(1).max(MOST).default(PAGE_SIZE),
});

/** GET /api/categories; GET /api/products, GET /api/products/:id, GET /api/products/:id/prices. */
export function catalogApi(app: FastifyInstance, catalog: Catalog): void {
  app.get("/api/products", async (request, reply) => {
    const { after, category, limit, q: words, sort } = check(query, request.query);
    if (sort === "popular") {
      if (after !== undefined) throw problems.invalid([{ path: "after", message: "The popular ones have no further pages." }]);
      if (words !== undefined || category !== undefined)
        throw problems.invalid([{ path: "sort", message: "The popular ones are of all categories, and not searched." }]);
      return sendCacheable(request, reply, { items: (await catalog.popular(limit)).map(publicProduct), next: null });
    }
    if (words !== undefined) {
      const found = await catalog.search({
        words,
        category,
        after: after === undefined ? undefined : readFindCursor(after),
        limit,
      });
      const next = found.next === undefined ? null : writeFindCursor(found.next);
      return sendCacheable(request, reply, { items: found.products.map(publicProduct), next });
    }
    const position = after === undefined ? undefined : readCursor(after);
    const { products, next } = await catalog.page({ category, after: position }, limit);
    return sendCacheable(request, reply, {
      items: products.map(publicProduct),
      next: next === undefined ? null : writeCursor(next),
    });
  });

  app.get<{ Params: { id: string } }>("/api/products/:id", async (request, reply) => {
    const product = await catalog.product(request.params.id);
    if (product === undefined) throw problems.notFound("product");
    const { category, currency, description, lowestCents } = product;
    const lowestPrice = { cents: lowestCents, currency };
    return sendCacheable(request, reply, { ...publicProduct(product), description, category, lowestPrice });
  });

  app.get<{ Params: { id: string } }>("/api/products/:id/prices", async (request, reply) => {
    const prices = await catalog.prices(request.params.id);
    if (prices.length === 0) throw problems.notFound("product");
    const items = prices.map(({ since, priceCents: cents, currency }) => ({
      since: since.toISOString(),
      price: { cents, currency },
    }));
    return sendCacheable(request, reply, { items });
  });

  app.get("/api/categories", async (request, reply) => sendCacheable(request, reply, { items: await catalog.categories() }));
}

function publicProduct({ id, name, kind, summary, priceCents, currency, stock }: ProductRow): object {
  return { id, name, kind, summary, price: { cents: priceCents, currency }, stock };
}

function sendCacheable(request: FastifyRequest, reply: FastifyReply, body: object): FastifyReply {
  const text = JSON.stringify(body);
  const etag = `"${createHash("sha1").update(text).digest("base64url")}"`;
  void reply.header("cache-control", CACHE).header("etag", etag);
  // `*`, lists and the weak form of the same tag all match (RFC 9110, 13.1.2).
  const known = (request.headers["if-none-match"] ?? "").split(",").map((tag) => tag.trim().replace(/^W\//, ""));
  if (known.includes(etag) || known.includes("*")) return reply.code(304).send();
  return reply.type("application/json; charset=utf-8").send(text);
}

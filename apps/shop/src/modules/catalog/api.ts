import { createHash } from "node:crypto";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { check, problems } from "../../platform/http/problem.ts";
import type { Catalog, Position } from "./catalog.ts";
import { productId } from "./product-id.ts";
import type { ProductRow } from "./store.ts";

/** Anybody may keep a copy for half a minute, and show an old one for a minute while fetching the new one: stock is checked again when it is bought. */
const CACHE = "public, max-age=30, stale-while-revalidate=60";

export const PAGE_SIZE = 24;
const MOST = 100;

const query = z.object({
  sort: z.enum(["name", "popular"]).default("name"),
  after: z.string().max(400).optional(),
  limit: z.coerce.number().int().min(1).max(MOST).default(PAGE_SIZE),
});

// PostgreSQL holds every character but NUL.
const positionSchema = z.tuple([
  z
    .string()
    .max(120)
    .regex(/^[^\0]+$/),
  productId,
]);

/** GET /api/products, GET /api/products/:id. */
export function catalogApi(app: FastifyInstance, catalog: Catalog): void {
  app.get("/api/products", async (request, reply) => {
    const { after, limit, sort } = check(query, request.query);
    if (sort === "popular") {
      if (after !== undefined) throw problems.invalid([{ path: "after", message: "The popular ones have no further pages." }]);
      return sendCacheable(request, reply, { items: (await catalog.popular(limit)).map(publicProduct), next: null });
    }
    const { products, next } = await catalog.page(after === undefined ? undefined : readCursor(after), limit);
    return sendCacheable(request, reply, {
      items: products.map(publicProduct),
      next: next === undefined ? null : writeCursor(next),
    });
  });

  app.get<{ Params: { id: string } }>("/api/products/:id", async (request, reply) => {
    const product = await catalog.product(request.params.id);
    if (product === undefined) throw problems.notFound("product");
    return sendCacheable(request, reply, { ...publicProduct(product), description: product.description });
  });
}

/** Where the next page begins, for a URL. */
export function writeCursor({ name, id }: Position): string {
  return Buffer.from(JSON.stringify([name, id])).toString("base64url");
}

/** @throws Problem 400 for a text that is no cursor of ours */
export function readCursor(text: string): Position {
  try {
    const [name, id] = positionSchema.parse(JSON.parse(Buffer.from(text, "base64url").toString("utf8")));
    return { name, id };
  } catch {
    throw problems.invalid([{ path: "after", message: "Use the value of `next` from the page before." }]);
  }
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

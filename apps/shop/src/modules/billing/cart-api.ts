import type { FastifyInstance, FastifyReply } from "fastify";
import type { Identify } from "../../platform/http/identify.ts";
import { check, Problem, problems } from "../../platform/http/problem.ts";
import { productId } from "../catalog/index.ts";
import type { Cart, Carts, Put } from "./cart.ts";
import { cartChange, MOST_LINES } from "./input.ts";

/** A person's own cart: GET /api/cart, PUT and DELETE /api/cart/:productId. */
export function cartApi(app: FastifyInstance, carts: Carts, identify: Identify): void {
  const send = async (reply: FastifyReply, userId: string): Promise<FastifyReply> =>
    reply.header("cache-control", "no-store").send(publicCart(await carts.cart(userId)));

  app.get("/api/cart", async (request, reply) => {
    const { userId } = await identify(request);
    return send(reply, userId);
  });

  app.put<{ Params: { productId: string } }>("/api/cart/:productId", async (request, reply) => {
    const { userId } = await identify(request);
    const { quantity } = check(cartChange, request.body);
    const id = productId.safeParse(request.params.productId);
    putOrThrow(id.success ? await carts.set(userId, id.data, quantity) : "unknown-product");
    return send(reply, userId);
  });

  app.delete<{ Params: { productId: string } }>("/api/cart/:productId", async (request, reply) => {
    const { userId } = await identify(request);
    const id = productId.safeParse(request.params.productId);
    if (id.success) await carts.remove(userId, id.data);
    return send(reply, userId);
  });
}

/** @throws Problem 404 or 409 unless it is in the cart now */
export function putOrThrow(put: Put): void {
  if (put === "unknown-product") throw problems.notFound("product");
  if (put === "full")
    throw new Problem({
      status: 409,
      kind: "cart-full",
      title: "There is no more room in the cart.",
      detail: `It holds ${MOST_LINES} different pieces. Order them, or take one out.`,
    });
}

function publicCart({ lines, totalCents }: Cart): object {
  const currency = lines[0]?.product.currency ?? "EUR";
  return {
    lines: lines.map(({ product: { id, name, priceCents, stock }, quantity }) => ({
      productId: id,
      name,
      quantity,
      unitPrice: { cents: priceCents, currency },
      stock,
    })),
    total: { cents: totalCents, currency },
  };
}

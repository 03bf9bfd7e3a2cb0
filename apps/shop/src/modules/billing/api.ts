import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { Identify } from "../../platform/http/identify.ts";
import { check, Problem, problems } from "../../platform/http/problem.ts";
import type { Refusal } from "../catalog/index.ts";
import type { Billing, Placement } from "./billing.ts";
import { idempotencyKey, orderRequest } from "./input.ts";
import type { Order } from "./orders.ts";

const listQuery = z.object({ before: z.guid().optional(), limit: z.coerce.number().int().min(1).max(100).default(20) });

/** POST /api/orders, GET /api/orders, GET /api/orders/:id: a person's own. */
export function billingApi(app: FastifyInstance, billing: Billing, identify: Identify): void {
  app.post("/api/orders", async (request, reply) => {
    const { userId } = await identify(request);
    const key = idempotencyKey.safeParse(request.headers["idempotency-key"]);
    if (!key.success)
      throw problems.invalid([
        { path: "Idempotency-Key", message: "Send a header of 1 to 255 visible characters, a new one for each order." },
      ]);
    const { lines } = check(orderRequest, request.body);
    const order = orderOrThrow(await billing.place(userId, key.data, lines));
    return reply
      .code(201)
      .header("location", `/api/orders/${order.id}`)
      .header("cache-control", "no-store")
      .send(publicOrder(order));
  });

  app.get("/api/orders", async (request, reply) => {
    const { userId } = await identify(request);
    const { before, limit } = check(listQuery, request.query);
    const { orders, next } = await billing.orders(userId, before, limit);
    return reply.header("cache-control", "no-store").send({ items: orders.map(publicOrder), next: next ?? null });
  });

  app.get<{ Params: { id: string } }>("/api/orders/:id", async (request, reply) => {
    const { userId } = await identify(request);
    const id = z.guid().safeParse(request.params.id);
    // Another person's order and one that never was look the same.
    const order = id.success ? await billing.order(userId, id.data) : undefined;
    if (order === undefined) throw problems.notFound("order");
    return reply.header("cache-control", "no-store").send(publicOrder(order));
  });
}

/** The order of a placement. @throws Problem 409 or 422 that says why there is none */
export function orderOrThrow(placement: Placement): Order {
  if (placement.kind === "placed") return placement.order;
  if (placement.kind === "refused") throw refused(placement.refusal);
  throw new Problem({
    status: 422,
    kind: "idempotency-key-reused",
    title: "This Idempotency-Key was used for another order.",
    detail: "Send a new key for a new order.",
  });
}

function refused(refusal: Refusal): Problem {
  if (refusal.reason === "unknown-product")
    return new Problem({
      status: 422,
      kind: "unknown-product",
      title: "There is no such product.",
      detail: `No product has the id ${JSON.stringify(refusal.productId)}.`,
    });
  const { name, available } = refusal;
  return new Problem({
    status: 409,
    kind: "out-of-stock",
    title: "There is not enough of it.",
    detail: available === 0 ? `${name} is sold out.` : `Of ${name}, ${available} are left.`,
  });
}

function publicOrder({ id, createdAt, totalCents, currency, lines }: Order): object {
  return {
    id,
    createdAt: createdAt.toISOString(),
    total: { cents: totalCents, currency },
    lines: lines.map(({ unitPriceCents, ...line }) => ({ ...line, unitPrice: { cents: unitPriceCents, currency } })),
  };
}

import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import type { Identify } from "../../platform/http/identify.ts";
import { check, Problem, problems } from "../../platform/http/problem.ts";
import type { Billing, Placement } from "./billing.ts";
import { cartApi } from "./cart-api.ts";
import { checkoutRequest, idempotencyKey, orderRequest } from "./input.ts";
import type { Order } from "./orders.ts";
import type { PaymentEvents } from "./payment-events.ts";
import type { Refusal } from "./settling.ts";

const listQuery = z.object({ before: z.guid().optional(), limit: z.coerce.number().int().min(1).max(100).default(20) });

/** What the routes need. */
export interface BillingApiNeeds {
  readonly billing: Billing;
  readonly identify: Identify;
  readonly paymentEvents: PaymentEvents;
  /** Whether a person may send orders back at the moment. */
  readonly maySendBack: (userId: string) => Promise<boolean>;
}

/**
 * A person's own: POST and GET /api/orders, GET /api/orders/:id, GET /api/orders/:id/invoice, POST /api/orders/:id/refund, POST /api/checkout, and the cart. For the
 * payment provider: POST /api/payment-events.
 */
export function billingApi(app: FastifyInstance, { billing, identify, maySendBack, paymentEvents }: BillingApiNeeds): void {
  cartApi(app, billing.carts, identify);

  app.post("/api/orders", async (request, reply) => {
    const { userId } = await identify(request);
    const key = keyOf(request);
    const { lines, paymentMethod } = check(orderRequest, request.body);
    refuseUnknownMethod(billing, paymentMethod);
    return sendPlaced(reply, orderOrThrow(await billing.place(userId, key, lines, paymentMethod)));
  });

  app.post("/api/checkout", async (request, reply) => {
    const { userId } = await identify(request);
    const key = keyOf(request);
    const { paymentMethod } = check(checkoutRequest, request.body);
    refuseUnknownMethod(billing, paymentMethod);
    const checkout = await billing.checkOut(userId, key, paymentMethod);
    if (checkout.kind === "empty")
      throw new Problem({
        status: 409,
        kind: "cart-empty",
        title: "There is nothing in the cart.",
        detail: "Put something in it first: PUT /api/cart/:productId.",
      });
    return sendPlaced(reply, orderOrThrow(checkout));
  });

  app.get<{ Params: { id: string } }>("/api/orders/:id/invoice", async (request, reply) => {
    const { userId } = await identify(request);
    return sendInvoice(reply, request.params.id, await ownInvoice(billing, userId, request.params.id));
  });

  app.post<{ Params: { id: string } }>("/api/orders/:id/refund", async (request, reply) => {
    const { userId } = await identify(request);
    if (!(await maySendBack(userId)))
      throw new Problem({ status: 403, kind: "not-now", title: "Orders cannot be sent back at the moment." });
    const id = z.guid().safeParse(request.params.id);
    const refund = id.success ? await billing.refund(userId, id.data) : "unknown-order";
    if (refund === "unknown-order") throw problems.notFound("order");
    if (refund === "too-late") throw tooLate();
    return reply
      .code(202)
      .header("cache-control", "no-store")
      .send({ status: "accepted", order: `/api/orders/${request.params.id}` });
  });

  app.post("/api/payment-events", async (request, reply) => {
    const orderId = paymentEvents.read(request.headers["payment-signature"], request.body);
    if (orderId === undefined)
      throw new Problem({ status: 401, kind: "unsigned-event", title: "This is not signed as the payment provider signs." });
    await billing.paymentDecided(orderId);
    return reply.code(204).send();
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

function keyOf(request: FastifyRequest): string {
  const key = idempotencyKey.safeParse(request.headers["idempotency-key"]);
  if (key.success) return key.data;
  throw problems.invalid([
    { path: "Idempotency-Key", message: "Send a header of 1 to 255 visible characters, a new one for each order." },
  ]);
}

function refuseUnknownMethod(billing: Billing, method: string | undefined): void {
  if (method !== undefined && !billing.takes(method))
    throw problems.invalid([{ path: "paymentMethod", message: "The payment provider knows no such means of payment." }]);
}

/** 201 for an order that is placed, 202 for one whose payment is not decided yet. */
function sendPlaced(reply: FastifyReply, order: Order): FastifyReply {
  return reply
    .code(order.state === "unpaid" ? 202 : 201)
    .header("location", `/api/orders/${order.id}`)
    .header("cache-control", "no-store")
    .send(publicOrder(order));
}

/** The invoice of a person's own order. @throws Problem 404 while there is none; another's and one that never was look the same */
export async function ownInvoice(billing: Billing, userId: string, orderId: string): Promise<Buffer> {
  const id = z.guid().safeParse(orderId);
  const content = id.success ? await billing.invoice(userId, id.data) : undefined;
  if (content === undefined) throw problems.notFound("invoice");
  return content;
}

/** Sends an invoice as a file. */
export function sendInvoice(reply: FastifyReply, orderId: string, content: Buffer): FastifyReply {
  return reply
    .header("cache-control", "no-store")
    .header("content-disposition", `attachment; filename="invoice-${orderId}.pdf"`)
    .type("application/pdf")
    .send(content);
}

/** An order cannot be sent back any more. */
export function tooLate(): Problem {
  return new Problem({
    status: 409,
    kind: "too-late",
    title: "It is too late to send this back.",
    detail: "An order can be sent back within 14 days.",
  });
}

/** The order of a placement. @throws Problem 409 or 422 that says why there is none */
export function orderOrThrow(placement: Placement): Order {
  if (placement.kind === "placed" || placement.kind === "unpaid") return placement.order;
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
  if (refusal.reason === "payment-declined")
    return new Problem({
      status: 402,
      kind: "payment-declined",
      title: "The payment was declined.",
      detail: "Nothing was ordered. Try another means of payment.",
    });
  if (refusal.reason === "payment-expired")
    return new Problem({
      status: 402,
      kind: "payment-expired",
      title: "The payment did not come in time.",
      detail: "Nothing was ordered, and what is paid later goes back.",
    });
  const { name, available } = refusal;
  return new Problem({
    status: 409,
    kind: "out-of-stock",
    title: "There is not enough of it.",
    detail: available === 0 ? `${name} is sold out.` : `Of ${name}, ${available} are left.`,
  });
}

function publicOrder({ id, state, createdAt, totalCents, currency, lines }: Order): object {
  return {
    id,
    state,
    createdAt: createdAt.toISOString(),
    total: { cents: totalCents, currency },
    lines: lines.map(({ unitPriceCents, ...line }) => ({ ...line, unitPrice: { cents: unitPriceCents, currency } })),
  };
}

import { randomUUID } from "node:crypto";
import type { FastifyInstance, FastifyReply } from "fastify";
import { type Billing, cartForm, checkoutForm, orderOrThrow, putOrThrow, testMethods } from "../../modules/billing/index.ts";
import { check, Problem, problems } from "../../platform/http/problem.ts";
import { shownCart } from "../show.ts";
import { type PageKit, sendPage, visit, type Visit } from "../visits.ts";

const LOG_IN = "/login?next=/cart";

/** The cart, and ordering what is in it. */
export function cartPages(app: FastifyInstance, kit: PageKit, billing: Billing): void {
  const { carts } = billing;
  const send = async (someone: Visit, userId: string, failure?: { status: number; error: string }): Promise<FastifyReply> => {
    const cart = shownCart(await carts.cart(userId));
    const methods = Object.entries(testMethods).map(([id, name]) => ({ id, name }));
    // Each page is one intent to buy: it carries its own key.
    const content = { cart, methods, key: randomUUID(), error: failure?.error ?? "" };
    return sendPage(kit, someone, {
      view: "cart",
      title: "Your cart",
      ...(failure !== undefined && { status: failure.status }),
      content,
    });
  };

  app.get("/cart", async (request, reply) => {
    const someone = await visit(kit, request, reply);
    if (someone.session === undefined) return reply.redirect(LOG_IN, 303);
    return send(someone, someone.session.userId);
  });

  app.post<{ Params: { change: string } }>("/cart/:change", async (request, reply) => {
    const someone = await visit(kit, request, reply);
    if (someone.session === undefined) return reply.redirect(LOG_IN, 303);
    const { sessionId, userId } = someone.session;
    kit.csrf.verify(request, sessionId);
    if (request.params.change === "order") return checkOut(someone, userId);
    const { productId, quantity } = check(cartForm, request.body);
    try {
      if (request.params.change === "add") putOrThrow(await carts.add(userId, productId, quantity));
      else if (request.params.change === "set") putOrThrow(await carts.set(userId, productId, quantity));
      else if (request.params.change === "remove") await carts.remove(userId, productId);
      else throw problems.notFound("page");
    } catch (error) {
      if (error instanceof Problem && error.fields.status === 409) return send(someone, userId, failureOf(error));
      throw error;
    }
    return reply.redirect("/cart", 303);
  });

  const checkOut = async (someone: Visit, userId: string): Promise<FastifyReply> => {
    const { key, paymentMethod } = check(checkoutForm, someone.request.body);
    if (!billing.takes(paymentMethod))
      return send(someone, userId, { status: 422, error: "Choose one of the means of payment." });
    try {
      const checkout = await billing.checkOut(userId, key, paymentMethod);
      if (checkout.kind === "empty") return await send(someone, userId);
      return await someone.reply.redirect(`/orders/${orderOrThrow(checkout).id}`, 303);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      return send(someone, userId, failureOf(error));
    }
  };
}

function failureOf({ fields: { status, title, detail } }: Problem): { status: number; error: string } {
  return { status, error: status === 402 && detail !== undefined ? `${title} ${detail}` : (detail ?? title) };
}

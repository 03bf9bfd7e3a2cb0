import type { FastifyInstance, FastifyReply } from "fastify";
import { z } from "zod";
import type { Flags } from "../../modules/user/index.ts";
import { type Billing, buyForm, orderOrThrow, ownInvoice, sendInvoice, tooLate } from "../../modules/billing/index.ts";
import type { Catalog } from "../../modules/catalog/index.ts";
import { check, Problem, problems } from "../../platform/http/problem.ts";
import { shownOrder } from "../show.ts";
import { type PageKit, sendPage, visit, type Visit } from "../visits.ts";
import { sendProduct } from "./shop-pages.ts";

const PAGE = 20;
const listQuery = z.object({ before: z.guid().optional() });

/** What the pages need beside the kit. */
export interface OrderPagesNeeds {
  readonly catalog: Catalog;
  readonly billing: Billing;
  readonly flags: Flags;
}

/** Buying, and a person's own orders. */
export function orderPages(app: FastifyInstance, kit: PageKit, { catalog, billing, flags }: OrderPagesNeeds): void {
  app.post("/orders", async (request, reply) => {
    const someone = await visit(kit, request, reply);
    // Their session has ended: nothing is bought, and they come back to the piece.
    if (someone.session === undefined)
      return reply.redirect(`/login?next=/products/${check(buyForm, request.body).productId}`, 303);
    kit.csrf.verify(request, someone.session.sessionId);
    const { productId, quantity, key } = check(buyForm, request.body);
    try {
      const order = orderOrThrow(await billing.place(someone.session.userId, key, [{ productId, quantity }]));
      return await reply.redirect(`/orders/${order.id}`, 303);
    } catch (error) {
      const product = error instanceof Problem ? await catalog.product(productId) : undefined;
      if (!(error instanceof Problem) || product === undefined) throw error;
      const { status, detail, title } = error.fields;
      return sendProduct(kit, someone, product, { status, error: detail ?? title });
    }
  });

  app.get("/orders", async (request, reply) => {
    const someone = await visit(kit, request, reply);
    if (someone.session === undefined) return reply.redirect("/login?next=/orders", 303);
    const { before } = check(listQuery, request.query);
    const { orders, next } = await billing.orders(someone.session.userId, before, PAGE);
    return sendPage(kit, someone, {
      view: "orders",
      title: "Your orders",
      content: { orders: orders.map(shownOrder), next: next ?? "" },
    });
  });

  app.get<{ Params: { id: string } }>("/orders/:id", async (request, reply) => {
    const someone = await visit(kit, request, reply);
    const id = z.guid().safeParse(request.params.id);
    if (!id.success) throw problems.notFound("order");
    if (someone.session === undefined) return reply.redirect(`/login?next=/orders/${id.data}`, 303);
    return sendOrder(someone, someone.session.userId, id.data);
  });

  app.get<{ Params: { id: string } }>("/orders/:id/invoice", async (request, reply) => {
    const { session } = await visit(kit, request, reply);
    if (session === undefined) return reply.redirect("/login?next=/orders", 303);
    return sendInvoice(reply, request.params.id, await ownInvoice(billing, session.userId, request.params.id));
  });

  app.post<{ Params: { id: string } }>("/orders/:id/refund", async (request, reply) => {
    const someone = await visit(kit, request, reply);
    if (someone.session === undefined) return reply.redirect("/login?next=/orders", 303);
    kit.csrf.verify(request, someone.session.sessionId);
    const id = z.guid().safeParse(request.params.id);
    if (!id.success || !(await flags.isOn("send-back", someone.session.userId))) throw problems.notFound("order");
    const refund = await billing.refund(someone.session.userId, id.data);
    if (refund === "unknown-order") throw problems.notFound("order");
    if (refund === "too-late") return sendOrder(someone, someone.session.userId, id.data, tooLate());
    return reply.redirect(`/orders/${id.data}`, 303);
  });

  const sendOrder = async (someone: Visit, userId: string, id: string, failure?: Problem): Promise<FastifyReply> => {
    const [order, invoice, sendBack] = await Promise.all([
      billing.order(userId, id),
      billing.hasInvoice(id),
      flags.isOn("send-back", userId),
    ]);
    if (order === undefined) throw problems.notFound("order");
    const { status = 200, title = "", detail = "" } = failure?.fields ?? {};
    const content = { order: shownOrder(order), invoice, sendBack, error: `${title} ${detail}`.trim() };
    return sendPage(kit, someone, { view: "order", title: "Your order", status, content });
  };
}

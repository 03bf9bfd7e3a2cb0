import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { Analytics, Report } from "../../modules/analytics/index.ts";
import type { DeadJob, Jobs } from "../../modules/jobs/index.ts";
import { problems } from "../../platform/http/problem.ts";
import type { Mailbox } from "../../platform/mail/mailbox.ts";
import { day, money } from "../show.ts";
import { type PageKit, sendPage, visit, type Visit } from "../visits.ts";

/** What the operator's page shows. */
export interface OperatorPagesNeeds {
  readonly analytics: Analytics;
  readonly jobs: Jobs;
  readonly mailbox: Mailbox;
}

const [DAYS, REPORTS, DEAD_JOBS, MAILS] = [14, 6, 20, 10];
const CURRENCY = "EUR";

/** For those who run the shop. For everybody else there is no such page. */
export function operatorPages(app: FastifyInstance, kit: PageKit, { analytics, jobs, mailbox }: OperatorPagesNeeds): void {
  const requireOperator = async (someone: Visit): Promise<string> => {
    const { session } = someone;
    if (session === undefined || !(await kit.auth.isOperator(session.userId))) throw problems.notFound("page");
    return session.sessionId;
  };

  app.get<{ Querystring: Record<string, unknown> }>("/operator", async (request, reply) => {
    const someone = await visit(kit, request, reply);
    await requireOperator(someone);
    const [days, daily, weekly, counts, dead, mails] = await Promise.all([
      analytics.days(DAYS),
      analytics.reports("day", 1),
      analytics.reports("week", REPORTS),
      jobs.counts(),
      jobs.deadJobs(undefined, DEAD_JOBS),
      mailbox.latest(MAILS),
    ]);
    const most = Math.max(1, ...days.map(({ revenueCents }) => revenueCents));
    const content = {
      notice: request.query["redriven"] === "1" ? "The job is tried again." : "",
      days: days.map(({ starts, orders, pieces, revenueCents }) => ({
        ...dated(starts),
        orders,
        pieces,
        revenue: money(revenueCents, CURRENCY),
        share: Math.round((100 * revenueCents) / most),
      })),
      reports: [...daily, ...weekly].map(shownReport),
      counts,
      dead: dead.jobs.map(shownJob),
      mails: mails.map(({ to, subject, text, createdAt }) => ({ to, subject, text, ...dated(createdAt) })),
    };
    return sendPage(kit, someone, { view: "operator", title: "Operator", content });
  });

  app.post("/operator/redrive", async (request, reply) => {
    const someone = await visit(kit, request, reply);
    kit.csrf.verify(request, await requireOperator(someone));
    const form = z.object({ id: z.guid() }).safeParse(request.body);
    if (!form.success || !(await jobs.redrive(form.data.id))) throw problems.notFound("job");
    return reply.redirect("/operator?redriven=1", 303);
  });
}

function dated(moment: Date): { iso: string; date: string } {
  return { iso: moment.toISOString(), date: day(moment) };
}

function shownReport({ period, starts, content }: Report): Readonly<Record<string, unknown>> {
  const { orders, pieces, revenueCents, before, top } = content;
  const change = before.revenueCents === 0 ? "" : percent(revenueCents / before.revenueCents - 1);
  return {
    heading: `${period === "day" ? "The day of" : "The week from"} ${day(new Date(starts))}`,
    orders,
    pieces,
    revenue: money(revenueCents, CURRENCY),
    change,
    top: top.slice(0, 3).map((product) => ({ ...product, revenue: money(product.revenueCents, CURRENCY) })),
  };
}

function percent(share: number): string {
  return new Intl.NumberFormat("en", { style: "percent", signDisplay: "exceptZero" }).format(share);
}

function shownJob({ id, kind, attempts, lastError, createdAt }: DeadJob): Readonly<Record<string, unknown>> {
  return { id, kind, attempts, lastError: lastError ?? "", ...dated(createdAt) };
}

import type { FastifyInstance, FastifyReply } from "fastify";
import type { Job } from "../../modules/jobs/index.ts";
import { deletionForm, ownExport, sendExport, type User } from "../../modules/user/index.ts";
import type { Limiters } from "../../platform/http/limits.ts";
import { faultsByField } from "../forms.ts";
import { day } from "../show.ts";
import { leave, type PageKit, sendPage, visit, type Visit } from "../visits.ts";

/** What the pages need beside the kit. */
export interface DataPagesNeeds {
  readonly user: User;
  readonly limiters: Limiters;
}

/** How an attempt to leave failed. */
interface Failure {
  readonly status: number;
  readonly error?: string;
  readonly faults?: Readonly<Record<string, string>>;
}

const LOG_IN = "/login?next=/account/data";
const STATES: Readonly<Record<Job["state"], string>> = {
  waiting: "Soon begun",
  running: "Being made",
  done: "Ready",
  dead: "It did not work. Try again in an hour.",
};

/** A copy of all that is kept of a person, and the way out. */
export function dataPages(app: FastifyInstance, kit: PageKit, { user, limiters }: DataPagesNeeds): void {
  const send = async (someone: Visit, userId: string, failure?: Failure, notice = ""): Promise<FastifyReply> => {
    const { status = 200, error = "", faults = {} } = failure ?? {};
    const copies = (await user.exportJobs(userId)).map(shownCopy);
    return sendPage(kit, someone, { view: "data", title: "Your data", status, content: { copies, notice, error, faults } });
  };

  app.get<{ Querystring: Record<string, unknown> }>("/account/data", async (request, reply) => {
    const someone = await visit(kit, request, reply);
    if (someone.session === undefined) return reply.redirect(LOG_IN, 303);
    const notice = request.query["asked"] === "1" ? "We are making your copy. It takes a moment." : "";
    return send(someone, someone.session.userId, undefined, notice);
  });

  app.post("/account/exports", async (request, reply) => {
    const { session } = await visit(kit, request, reply);
    if (session === undefined) return reply.redirect(LOG_IN, 303);
    kit.csrf.verify(request, session.sessionId);
    await user.requestExport(session.userId);
    return reply.redirect("/account/data?asked=1", 303);
  });

  app.get<{ Params: { id: string } }>("/account/exports/:id", async (request, reply) => {
    const { session } = await visit(kit, request, reply);
    if (session === undefined) return reply.redirect(LOG_IN, 303);
    return sendExport(reply, await ownExport(user, session.userId, request.params.id));
  });

  app.post("/account/deletion", async (request, reply) => {
    const someone = await visit(kit, request, reply);
    if (someone.session === undefined) return reply.redirect(LOG_IN, 303);
    const { sessionId, userId } = someone.session;
    kit.csrf.verify(request, sessionId);
    const form = deletionForm.safeParse(request.body);
    if (!form.success) return send(someone, userId, { status: 422, faults: faultsByField(form.error) });
    await limiters.logIn(request);
    const confirmation = await kit.auth.confirm(userId, form.data.password);
    if (confirmation.kind === "limited") {
      void reply.header("retry-after", String(confirmation.retryAfterSeconds));
      return send(someone, userId, { status: 429, error: "Too many wrong passwords. Try again in a quarter of an hour." });
    }
    if (confirmation.kind === "refused")
      return send(someone, userId, { status: 403, faults: { password: "This is not your password." } });
    await user.requestDeletion(userId);
    leave(kit.cookies, reply);
    return reply.redirect("/?left=1", 303);
  });
}

function shownCopy({ id, state, createdAt, progress }: Job): Readonly<Record<string, unknown>> {
  const underWay = state === "waiting" || state === "running";
  return {
    id,
    state: STATES[state],
    ready: state === "done",
    underWay,
    progress,
    iso: createdAt.toISOString(),
    date: day(createdAt),
  };
}

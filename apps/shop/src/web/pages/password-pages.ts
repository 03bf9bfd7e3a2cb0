import type { FastifyInstance, FastifyReply } from "fastify";
import { forgotForm, resetForm } from "../../modules/auth/index.ts";
import type { Limiters } from "../../platform/http/limits.ts";
import { faultsByField, textOf } from "../forms.ts";
import { leave, type PageKit, sendPage, visit, type Visit } from "../visits.ts";

interface Shown {
  readonly status?: number;
  readonly email?: string;
  readonly token?: string;
  readonly notice?: string;
  readonly error?: string;
  readonly faults?: Readonly<Record<string, string>>;
}

const WRONG = "Please correct what is marked below.";

/** For those who have forgotten their password. */
export function passwordPages(app: FastifyInstance, kit: PageKit, limiters: Limiters): void {
  app.get<{ Querystring: Record<string, unknown> }>("/forgot", async (request, reply) => {
    const notice = request.query["sent"] === "1" ? "If this address has an account, a mail is on its way to it." : "";
    return send(kit, await visit(kit, request, reply), "forgot", { notice });
  });

  app.post("/forgot", async (request, reply) => {
    const someone = await visit(kit, request, reply);
    kit.csrf.verify(request, someone.session?.sessionId);
    const form = forgotForm.safeParse(request.body);
    if (!form.success) {
      const email = textOf(request.body, "email");
      return send(kit, someone, "forgot", { status: 422, email, error: WRONG, faults: faultsByField(form.error) });
    }
    await limiters.logIn(request);
    await kit.auth.requestPasswordReset(form.data.email);
    return reply.redirect("/forgot?sent=1", 303);
  });

  app.get("/reset", async (request, reply) => {
    const token = textOf(request.query, "token");
    const open = await kit.auth.isResetOpen(token);
    return send(kit, await visit(kit, request, reply), "reset", open ? { token } : { status: 410 });
  });

  app.post("/reset", async (request, reply) => {
    const someone = await visit(kit, request, reply);
    kit.csrf.verify(request, someone.session?.sessionId);
    const [form, token] = [resetForm.safeParse(request.body), textOf(request.body, "token")];
    await limiters.logIn(request);
    if (!form.success) {
      if (!(await kit.auth.isResetOpen(token))) return send(kit, someone, "reset", { status: 410 });
      return send(kit, someone, "reset", { status: 422, token, error: WRONG, faults: faultsByField(form.error) });
    }
    if (!(await kit.auth.resetPassword(token, form.data.password))) return send(kit, someone, "reset", { status: 410 });
    leave(kit.cookies, reply);
    return reply.redirect("/login?reset=1", 303);
  });
}

function send(kit: PageKit, someone: Visit, view: "forgot" | "reset", shown: Shown): FastifyReply {
  const { status = 200, email = "", token = "", notice = "", error = "", faults = {} } = shown;
  const content = { email, token, notice, error, faults };
  return sendPage(kit, someone, { view, title: "Choose another password", status, form: true, content });
}

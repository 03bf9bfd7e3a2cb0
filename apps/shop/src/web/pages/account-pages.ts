import type { FastifyInstance, FastifyReply } from "fastify";
import type { z } from "zod";
import { type LogIn, logInForm, newAccount } from "../../modules/auth/index.ts";
import type { Limiters } from "../../platform/http/limits.ts";
import { faultsByField, textOf } from "../forms.ts";
import { enter, leave, type PageKit, sendPage, visit, type Visit } from "../visits.ts";

/** Where a log-in may lead: pages of ours, by their shape. */
const NEXT = /^\/(?:products\/[a-z0-9-]{1,120}|orders(?:\/[0-9a-f-]{36})?|cart|account(?:\/data)?)$/;

/** What the log-in says to those who were sent there. */
const NOTICES = [
  ["welcome", "Your account is ready. Log in to go on."],
  ["reset", "Your password is changed. Log in with it."],
  ["out", "You are logged out, here and everywhere else."],
] as const;

interface FormState {
  readonly status?: number;
  readonly email?: string;
  readonly next?: string;
  readonly notice?: string;
  readonly error?: string;
  readonly faults?: Readonly<Record<string, string>>;
}

/** What one form says that the other does not. */
interface Words {
  readonly heading: string;
  readonly action: string;
  readonly submit: string;
  readonly autocomplete: string;
  readonly hint: string;
  readonly otherText: string;
  readonly otherHref: string;
  readonly otherLink: string;
}

/** Sign-up, log-in and log-out. */
export function accountPages(app: FastifyInstance, kit: PageKit, limiters: Limiters): void {
  app.get("/signup", async (request, reply) => sendSignUp(kit, await visit(kit, request, reply), {}));

  app.post("/signup", async (request, reply) => {
    const someone = await visit(kit, request, reply);
    kit.csrf.verify(request, someone.session?.sessionId);
    const form = newAccount.safeParse(request.body);
    if (!form.success) return sendSignUp(kit, someone, { ...faultsOf(form.error), email: textOf(request.body, "email") });
    await limiters.signUp(request);
    await kit.auth.signUp(form.data.email, form.data.password);
    return reply.redirect("/login?welcome=1", 303);
  });

  app.get<{ Querystring: Record<string, unknown> }>("/login", async (request, reply) => {
    const someone = await visit(kit, request, reply);
    const next = nextOf(request.query);
    if (someone.session !== undefined) return reply.redirect(next === "" ? "/" : next, 303);
    const notice = NOTICES.find(([name]) => request.query[name] === "1")?.[1] ?? "";
    return sendLogIn(kit, someone, { next, notice });
  });

  app.post("/login", async (request, reply) => {
    const someone = await visit(kit, request, reply);
    kit.csrf.verify(request, someone.session?.sessionId);
    const [next, email] = [nextOf(request.body), textOf(request.body, "email")];
    const form = logInForm.safeParse(request.body);
    if (!form.success) return sendLogIn(kit, someone, { ...faultsOf(form.error), next, email });
    await limiters.logIn(request);
    const result = await kit.auth.logIn(form.data.email, form.data.password);
    if (result.kind !== "in") return sendLogIn(kit, someone, { ...refusal(reply, result), next, email });
    enter(kit.cookies, reply, result.grant);
    return reply.redirect(next === "" ? "/" : next, 303);
  });

  app.post("/logout", async (request, reply) => {
    const { session } = await visit(kit, request, reply);
    if (session !== undefined) {
      kit.csrf.verify(request, session.sessionId);
      await kit.auth.logOut(session);
    }
    leave(kit.cookies, reply);
    return reply.redirect("/", 303);
  });

  app.post("/logout/everywhere", async (request, reply) => {
    const { session } = await visit(kit, request, reply);
    if (session !== undefined) {
      kit.csrf.verify(request, session.sessionId);
      await kit.auth.logOutEverywhere(session.userId);
    }
    leave(kit.cookies, reply);
    return reply.redirect("/login?out=1", 303);
  });
}

function refusal(reply: FastifyReply, result: Exclude<LogIn, { kind: "in" }>): FormState {
  if (result.kind === "refused") return { status: 401, error: "The e-mail address or the password is wrong." };
  void reply.header("retry-after", String(result.retryAfterSeconds));
  const minutes = Math.ceil(result.retryAfterSeconds / 60);
  return { status: 429, error: `Too many log-ins for this address. Try again in ${minutes} minute${minutes === 1 ? "" : "s"}.` };
}

function sendSignUp(kit: PageKit, someone: Visit, state: FormState): FastifyReply {
  return sendForm(kit, someone, state, {
    heading: "Sign up",
    action: "/signup",
    submit: "Create account",
    autocomplete: "new-password",
    hint: "At least 10 characters. A few words are easy to remember and hard to guess.",
    otherText: "Do you have an account?",
    otherHref: "/login",
    otherLink: "Log in",
  });
}

function sendLogIn(kit: PageKit, someone: Visit, state: FormState): FastifyReply {
  return sendForm(kit, someone, state, {
    heading: "Log in",
    action: "/login",
    submit: "Log in",
    autocomplete: "current-password",
    hint: "",
    otherText: "Are you new here?",
    otherHref: "/signup",
    otherLink: "Sign up",
  });
}

function sendForm(kit: PageKit, someone: Visit, state: FormState, words: Words): FastifyReply {
  const { status = 200, email = "", next = "", notice = "", error = "", faults = {} } = state;
  const content = { ...words, email, next, notice, error, faults };
  return sendPage(kit, someone, { view: "account-form", title: words.heading, status, form: true, content });
}

function faultsOf(error: z.ZodError): FormState {
  return { status: 422, faults: faultsByField(error), error: "Please correct what is marked below." };
}

function nextOf(source: unknown): string {
  const next = textOf(source, "next");
  return NEXT.test(next) ? next : "";
}

import type { FastifyInstance, FastifyReply } from "fastify";
import { homeRegions, profileForm, type User } from "../../modules/user/index.ts";
import { faultsByField, textOf } from "../forms.ts";
import { type PageKit, sendPage, visit, type Visit } from "../visits.ts";

const REGION_NAMES: Readonly<Record<(typeof homeRegions)[number], string>> = {
  europe: "Europe",
  "north-america": "North America",
  "south-america": "South America",
  "asia-pacific": "Asia and the Pacific",
  africa: "Africa",
};

/** The form as it was filled in, and what is wrong with it. */
interface Filled {
  readonly values: { readonly name: string; readonly homeRegion: string; readonly orderMail: boolean; readonly news: boolean };
  readonly status?: number;
  readonly notice?: string;
  readonly error?: string;
  readonly faults?: Readonly<Record<string, string>>;
}

/** What a person says of themselves. */
export function profilePages(app: FastifyInstance, kit: PageKit, user: User): void {
  app.get<{ Querystring: Record<string, unknown> }>("/account", async (request, reply) => {
    const someone = await visit(kit, request, reply);
    if (someone.session === undefined) return reply.redirect("/login?next=/account", 303);
    const notice = request.query["saved"] === "1" ? "Your settings are saved." : "";
    return sendAccount(kit, someone, someone.session.userId, { values: await user.profile(someone.session.userId), notice });
  });

  app.post("/account", async (request, reply) => {
    const someone = await visit(kit, request, reply);
    if (someone.session === undefined) return reply.redirect("/login?next=/account", 303);
    kit.csrf.verify(request, someone.session.sessionId);
    const form = profileForm.safeParse(request.body);
    if (form.success) {
      await user.changeProfile(someone.session.userId, form.data);
      return reply.redirect("/account?saved=1", 303);
    }
    const text = (field: string): string => textOf(request.body, field);
    const values = {
      name: text("name"),
      homeRegion: text("homeRegion"),
      orderMail: text("orderMail") === "on",
      news: text("news") === "on",
    };
    const error = "Please correct what is marked below.";
    return sendAccount(kit, someone, someone.session.userId, { values, status: 422, error, faults: faultsByField(form.error) });
  });
}

async function sendAccount(
  kit: PageKit,
  someone: Visit,
  userId: string,
  { values, status = 200, notice = "", error = "", faults = {} }: Filled,
): Promise<FastifyReply> {
  const regions = homeRegions.map((id) => ({ id, name: REGION_NAMES[id], chosen: id === values.homeRegion }));
  const sessions = (await kit.auth.sessions(userId)).length;
  const content = { values, regions, sessions, notice, error, faults };
  return sendPage(kit, someone, { view: "account", title: "Your account", status, content });
}

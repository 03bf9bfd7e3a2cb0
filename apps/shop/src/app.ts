import cookie from "@fastify/cookie";
import formbody from "@fastify/formbody";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Keys } from "./keys.ts";
import type { Modules } from "./modules.ts";
import { analyticsApi } from "./modules/analytics/index.ts";
import { authApi, requireOperator, requireSession, type Session } from "./modules/auth/index.ts";
import { billingApi, paymentEvents } from "./modules/billing/index.ts";
import { catalogApi } from "./modules/catalog/index.ts";
import { jobsApi } from "./modules/jobs/index.ts";
import { flagsApi, userApi } from "./modules/user/index.ts";
import { createCookies } from "./platform/http/cookies.ts";
import { createCsrf } from "./platform/http/csrf.ts";
import type { Hits } from "./platform/http/hits.ts";
import { createLimiters, type Limits } from "./platform/http/limits.ts";
import { problems } from "./platform/http/problem.ts";
import { readYourWrites } from "./platform/http/read-your-writes.ts";
import { createServer, sendProblemDetails, type ServerNeeds } from "./platform/http/server.ts";
import type { Mailbox } from "./platform/mail/mailbox.ts";
import { assetRoutes, readAssets } from "./web/assets.ts";
import { accountPages } from "./web/pages/account-pages.ts";
import { cartPages } from "./web/pages/cart-pages.ts";
import { dataPages } from "./web/pages/data-pages.ts";
import { operatorPages } from "./web/pages/operator-pages.ts";
import { orderPages } from "./web/pages/order-pages.ts";
import { passwordPages } from "./web/pages/password-pages.ts";
import { profilePages } from "./web/pages/profile-pages.ts";
import { shopPages } from "./web/pages/shop-pages.ts";
import { compileViews } from "./web/views.ts";
import { type PageKit, sendProblemPage } from "./web/visits.ts";

/** What the web role serves. */
export interface AppNeeds extends Omit<ServerNeeds, "sendProblem"> {
  readonly modules: Modules;
  readonly keys: Keys;
  readonly limits: Limits;
  readonly hits: Hits;
  readonly mailbox: Mailbox;
}

/** The whole web application, which listens nowhere yet. Until the lifecycle says that it serves, everything but health and assets is answered with 503. */
export async function buildApp(needs: AppNeeds): Promise<FastifyInstance> {
  const { config, database, hits, keys, lifecycle, limits, mailbox, modules } = needs;
  const { analytics, auth, billing, catalog, jobs, user } = modules;
  const assets = readAssets();
  const render = compileViews(assets.base);
  const app = createServer({
    ...needs,
    sendProblem: (request, reply, problem) =>
      request.url.startsWith("/api/")
        ? sendProblemDetails(request, reply, problem)
        : sendProblemPage(render, request, reply, problem),
  });
  await app.register(cookie);
  if (database.hasReplicas)
    readYourWrites(app, { database, key: () => keys.key("read-positions"), secure: config.publicUrl.startsWith("https:") });
  const limiters = await createLimiters(app, limits, hits);
  await assetRoutes(app, assets);

  await app.register(async (shop) => {
    shop.addHook("onRequest", (_request, _reply, done) => {
      done(lifecycle.phase === "starting" ? problems.unavailable("The shop is about to open.") : undefined);
    });
    authApi(shop, auth, limiters);
    catalogApi(shop, catalog);
    const identify = (request: FastifyRequest): Promise<Session> => requireSession(auth, request);
    billingApi(shop, {
      billing,
      identify,
      paymentEvents: paymentEvents(() => keys.key("payment-events")),
      maySendBack: (userId) => user.flags.isOn("send-back", userId),
    });
    jobsApi(shop, jobs, identify);
    const operatorOnly = (request: FastifyRequest): Promise<Session> => requireOperator(auth, request);
    analyticsApi(shop, analytics, operatorOnly);
    flagsApi(shop, { flags: user.flags, identify, requireOperator: operatorOnly });
    userApi(shop, { user, auth, identify, limiters });

    await shop.register(async (pages) => {
      // Pages take forms only, and the API takes no forms: another site's page can send forms, but no JSON.
      pages.removeAllContentTypeParsers();
      await pages.register(formbody);
      const cookies = createCookies(config.publicUrl.startsWith("https:"));
      const kit: PageKit = { auth, cookies, csrf: createCsrf(() => keys.key("form-tokens"), cookies), render, assets };
      shopPages(pages, kit, catalog);
      accountPages(pages, kit, limiters);
      passwordPages(pages, kit, limiters);
      profilePages(pages, kit, user);
      operatorPages(pages, kit, { analytics, jobs, mailbox });
      dataPages(pages, kit, { user, limiters });
      orderPages(pages, kit, { catalog, billing, flags: user.flags });
      cartPages(pages, kit, billing);
    });
  });
  return app;
}

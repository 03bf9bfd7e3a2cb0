import type { Keys } from "./keys.ts";
import { type Analytics, analyticsMigrations, createAnalytics } from "./modules/analytics/index.ts";
import { type Auth, authMigrations, createAuth, type PasswordCost } from "./modules/auth/index.ts";
import { type Billing, billingMigrations, createBilling } from "./modules/billing/index.ts";
import { cachedCatalog, type Catalog, catalogFromReplicas, catalogMigrations, createCatalog } from "./modules/catalog/index.ts";
import { createJobs, type Jobs, jobsMigrations, JobStore } from "./modules/jobs/index.ts";
import { createUser, type User, userMigrations } from "./modules/user/index.ts";
import type { Bell } from "./platform/bell.ts";
import type { Cache } from "./platform/cache/cache.ts";
import type { Database } from "./platform/database/database.ts";
import { hitsMigrations } from "./platform/http/hits.ts";
import type { Log } from "./platform/log.ts";
import type { Mailbox } from "./platform/mail/mailbox.ts";
import { mailMigrations } from "./platform/mail/open.ts";
import type { Mailer } from "./platform/mail/mail.ts";

/** The tables of every module, in the order in which they are made. */
export const migrationSources = [
  hitsMigrations,
  mailMigrations,
  authMigrations,
  catalogMigrations,
  billingMigrations,
  jobsMigrations,
  userMigrations,
  analyticsMigrations,
] as const;

/** The modules, each behind its interface. */
export interface Modules {
  readonly analytics: Analytics;
  readonly auth: Auth;
  readonly billing: Billing;
  readonly catalog: Catalog;
  readonly jobs: Jobs;
  readonly user: User;
}

/** What wakes the loops of this process. */
export interface Bells {
  /** Rings when there is a new job. */
  readonly jobs: Bell;
  /** Rings when there is a new event. */
  readonly events: Bell;
}

/** What the modules need. */
export interface ModuleNeeds {
  readonly database: Database;
  readonly keys: Keys;
  readonly log: Log;
  readonly bells: Bells;
  /** Who delivers mails. */
  readonly mailer: Mailer;
  /** Where mails are kept that nobody delivers. */
  readonly mailbox: Mailbox;
  /** The origin that links in mails lead to. */
  readonly publicUrl: string;
  /** Keeps hot reads, and for how long. @default - each read asks the database */
  readonly cached?: { readonly cache: Cache; readonly seconds: number } | undefined;
  /** @default - OWASP's, see modules/auth/passwords.ts */
  readonly passwordCost?: PasswordCost;
}

/** Makes the modules and gives each what it needs of the others. */
export function createModules(needs: ModuleNeeds): Modules {
  const { database, keys, log, bells, cached, passwordCost, mailer, mailbox, publicUrl } = needs;
  const jobs = createJobs(new JobStore(database), bells.jobs);
  const auth = createAuth({
    database,
    log,
    jobs,
    mailer,
    publicUrl,
    wrappingKey: () => keys.key("signing-keys"),
    accountKey: () => keys.key("login-accounts"),
    ...(passwordCost !== undefined && { passwordCost }),
  });
  const uncached = catalogFromReplicas(createCatalog(database));
  const catalog = cached === undefined ? uncached : cachedCatalog(uncached, cached.cache, cached.seconds);
  const billing = createBilling({
    database,
    catalog,
    jobs,
    onEvent: () => bells.events.ring(),
    onFault: (error) => log.error(error, { provider: "payment" }),
  });
  const user = createUser({ database, auth, jobs, holders: [billing.personalData, jobs.personalData, mailbox.personalData] });
  return { analytics: createAnalytics(database), auth, billing, catalog, jobs, user };
}

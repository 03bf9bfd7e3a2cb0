import type { FastifyInstance } from "fastify";
import { buildApp } from "./app.ts";
import { type Background, createBackground } from "./background.ts";
import { Keys } from "./keys.ts";
import { type Bells, createModules, migrationSources, type Modules } from "./modules.ts";
import type { PasswordCost } from "./modules/auth/index.ts";
import { Bell } from "./platform/bell.ts";
import { openCache } from "./platform/cache/open.ts";
import { Chaos } from "./platform/chaos.ts";
import type { Config } from "./platform/config.ts";
import { connectionTo } from "./platform/database/connection.ts";
import { Database } from "./platform/database/database.ts";
import { readMigrations } from "./platform/database/migrations.ts";
import { createHits } from "./platform/http/hits.ts";
import { createLifecycle, type Lifecycle } from "./platform/http/lifecycle.ts";
import { type Limits, usualLimits } from "./platform/http/limits.ts";
import { closeServer, createServer } from "./platform/http/server.ts";
import type { Log } from "./platform/log.ts";
import { createMailbox } from "./platform/mail/mailbox.ts";
import { openMailer } from "./platform/mail/open.ts";
import { createMetrics } from "./platform/metrics.ts";
import { SqsQueue } from "./platform/queue/sqs.ts";
import { createSecrets } from "./platform/secrets.ts";
import { startTracing } from "./platform/tracing/export.ts";
import { prepare } from "./prepare.ts";

/** The product, put together and not started. */
export interface Shop {
  /** The server of this role: the whole application, or health and metrics only. It listens nowhere yet. */
  readonly app: FastifyInstance;
  readonly database: Database;
  readonly modules: Modules;
  readonly lifecycle: Lifecycle;
  /** Does what there is to do in the background. */
  readonly work: Background;
  /** Waits for secrets and the database, and brings the tables up to date. @throws UnavailableError, or Error on a wrong migration */
  prepare(signal: AbortSignal): Promise<void>;
  /** Answers what is under way, then closes every connection. */
  close(): Promise<void>;
}

/** What differs from the usual. */
export interface ShopOptions {
  /** @default - OWASP's, see modules/auth/passwords.ts */
  readonly passwordCost?: PasswordCost;
  /** @default - 30 log-ins and 20 sign-ups a minute from one address */
  readonly limits?: Limits;
}

/** Wires the modules to each other and to what the configuration names. Connects to nothing. */
export async function buildShop(
  config: Config,
  log: Log,
  { passwordCost, limits = usualLimits }: ShopOptions = {},
): Promise<Shop> {
  const { tracesEndpoint } = config;
  const tracing = tracesEndpoint === undefined ? undefined : await startTracing(tracesEndpoint, config.role, log);
  const secrets = config.region === undefined ? undefined : createSecrets(config.region, log);
  const conceal = (secret: string): void => log.conceal(secret);
  const connection = connectionTo(config.database, secrets, conceal);
  const chaos = new Chaos();
  const reader = config.databaseReader && connectionTo(config.databaseReader, secrets, conceal);
  const database = new Database(connection, { log, size: config.databasePool, reader, mayFail: () => chaos.database() });
  const lifecycle = createLifecycle();
  const metrics = createMetrics(database);
  const keys = new Keys();
  const bells: Bells = { jobs: new Bell(), events: new Bell() };
  const { seconds } = config.cache;
  const cache = seconds === 0 ? undefined : openCache({ config, secrets, log, metrics, chaos });
  const cached = cache && { cache, seconds };
  const hits = createHits(database, () => keys.key("hits"));
  const mailbox = createMailbox(database);
  const mailer = openMailer(config, mailbox, log);
  const { publicUrl } = config;
  const modules = createModules({
    database,
    keys,
    log,
    bells,
    mailer,
    mailbox,
    publicUrl,
    cached,
    ...(passwordCost !== undefined && { passwordCost }),
  });
  const { jobsQueueUrl, region } = config;
  const queue = jobsQueueUrl === undefined || region === undefined ? undefined : new SqsQueue(jobsQueueUrl, { region });
  const work = createBackground({ config, database, modules, bells, hits, log, metrics, queue });
  const needs = { chaos, config, database, lifecycle, log, metrics };
  const app = config.role === "web" ? await buildApp({ ...needs, modules, keys, limits, hits, mailbox }) : createServer(needs);
  const migrations = readMigrations(migrationSources);
  return {
    app,
    database,
    modules,
    lifecycle,
    work,
    async prepare(signal) {
      await prepare({ config, database, secrets, keys, lifecycle, log, migrations }, signal);
      database.watchReplicas();
    },
    async close() {
      await closeServer(app);
      cache?.close();
      queue?.close();
      await database.close();
      await tracing?.end();
    },
  };
}

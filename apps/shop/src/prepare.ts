import type { Keys } from "./keys.ts";
import { withBackoff } from "./platform/backoff.ts";
import type { Config } from "./platform/config.ts";
import type { Database } from "./platform/database/database.ts";
import { isBusy, isTransient } from "./platform/database/faults.ts";
import { type Migration, migrate, requireMigrated } from "./platform/database/migrations.ts";
import type { Lifecycle } from "./platform/http/lifecycle.ts";
import type { Log } from "./platform/log.ts";
import type { Secrets } from "./platform/secrets.ts";

/** Something that the product needs did not come within DATABASE_WAIT_SECONDS. */
export class UnavailableError extends Error {
  constructor(waitingFor: string, seconds: number, cause: unknown) {
    super(`gave up after ${seconds} s: ${waitingFor}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    this.name = "UnavailableError";
  }
}

/** What the preparations work on. */
export interface Unprepared {
  readonly config: Pick<Config, "appSecret" | "databaseWaitSeconds" | "migrations" | "role">;
  readonly database: Database;
  /** Undefined when no secret is in Secrets Manager. */
  readonly secrets: Secrets | undefined;
  readonly keys: Keys;
  readonly lifecycle: Lifecycle;
  readonly log: Log;
  readonly migrations: readonly Migration[];
}

/** The pauses between two attempts: short, because a deployment waits for them. */
const PAUSE = { firstMs: 100, mostMs: 2_000 };

/**
 * Waits for everything that the product needs, one after the other, and says in the lifecycle what it is waiting for. What may still come is tried again until
 * DATABASE_WAIT_SECONDS have passed; a role that cannot be assumed yet or a secret without a value counts as that.
 *
 * @throws UnavailableError when the time is over
 * @throws Error on a migration that is wrong
 */
export async function prepare(unprepared: Unprepared, signal: AbortSignal): Promise<void> {
  const { config, database, keys, lifecycle, log, migrations } = unprepared;
  const deadline = performance.now() + config.databaseWaitSeconds * 1000;
  const step = async (waitingFor: string, work: () => Promise<unknown>, retriable = (_error: unknown) => true): Promise<void> => {
    lifecycle.waitFor(waitingFor);
    const onRetry = (error: unknown, pauseMs: number): void =>
      log.write("warn", "waiting", { for: waitingFor, message: error instanceof Error ? error.message : String(error), pauseMs });
    try {
      await withBackoff(work, { ...PAUSE, totalMs: Math.max(0, deadline - performance.now()), retriable, onRetry, signal });
    } catch (error) {
      if (signal.aborted || !retriable(error)) throw error;
      throw new UnavailableError(waitingFor, config.databaseWaitSeconds, error);
    }
  };

  // Whoever only migrates signs nothing.
  if (config.role !== "migrate")
    await step("the app secret has not been read", async () => keys.unlock(await appSecret(unprepared)));
  await step("the database cannot be reached", () => database.ping());
  if (config.migrations || config.role === "migrate")
    await step("the tables are being brought up to date", () => migrate(database, migrations, log, { signal }), mayPass);
  else await step("the tables are not up to date", () => requireMigrated(database, migrations, log));
}

async function appSecret({ config, secrets, log }: Unprepared): Promise<string> {
  if ("value" in config.appSecret) {
    log.conceal(config.appSecret.value);
    return config.appSecret.value;
  }
  if (secrets === undefined) throw new Error("an ARN needs a reader of secrets");
  return secrets.read(config.appSecret.arn);
}

/** A lost connection and a lock that did not come in time pass by themselves; a wrong statement does not. */
function mayPass(error: unknown): boolean {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  return isTransient(cause) || isBusy(cause);
}

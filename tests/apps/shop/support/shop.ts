import type { FastifyInstance } from "fastify";
import { loadConfig } from "../../../../apps/shop/src/platform/config.ts";
import type { Limits } from "../../../../apps/shop/src/platform/http/limits.ts";
import { buildShop, type Shop } from "../../../../apps/shop/src/shop.ts";
import { recordedLog, type RecordedLog } from "./logs.ts";
import { migratedDatabase } from "./postgres.ts";

/** The secret of every shop in these tests. */
export const APP_SECRET = "0123456789abcdef0123456789abcdef";

/** A cost at which a test does not wait for a hash. */
export const CHEAP = { logN: 4, r: 1, p: 1 };

/** Tests change products behind the shop's back: those that are about the cache set it. */
const UNCACHED = { CACHE_SECONDS: "0" };

/** More than any test needs. */
const GENEROUS: Limits = { logInsPerMinute: 100_000, signUpsPerMinute: 100_000 };

/** A whole shop in this process that is asked by injected requests, with a database of its own. */
export interface TestShop extends Shop {
  readonly app: FastifyInstance;
  readonly log: RecordedLog;
  /** The address of its database, for the administrator. */
  readonly databaseUrl: string;
}

/** Opens a shop; close it when done. */
export async function openShop({
  environment = {},
  limits = GENEROUS,
  databaseUrl,
}: {
  readonly environment?: Readonly<Record<string, string>>;
  readonly limits?: Limits;
  readonly databaseUrl?: string;
} = {}): Promise<TestShop> {
  const url = databaseUrl ?? (await migratedDatabase());
  const log = recordedLog();
  const config = loadConfig({ DATABASE_URL: url, APP_SECRET, PUBLIC_URL: "http://localhost:8080", ...UNCACHED, ...environment });
  const shop = await buildShop(config, log.log, { passwordCost: CHEAP, limits });
  await shop.prepare(new AbortController().signal);
  shop.lifecycle.serve();
  return { ...shop, log, databaseUrl: url };
}

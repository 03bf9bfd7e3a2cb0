import type { Registry } from "prom-client";
import { z } from "zod";
import type { Chaos } from "../chaos.ts";
import { Circuit } from "../circuit.ts";
import type { Config, SharedCacheAddress } from "../config.ts";
import type { Log } from "../log.ts";
import type { Secrets } from "../secrets.ts";
import { Cache } from "./cache.ts";
import { Guarded } from "./guarded.ts";
import { observeCache } from "./metrics.ts";
import { Redis, type RedisAddress } from "./redis.ts";

/** A read that the cache cannot speed up any more is answered by the database, in a few milliseconds. */
const ANSWER_MS = 100;

/** What a cache is opened with. */
export interface CacheSetup {
  readonly config: Pick<Config, "cache">;
  /** Undefined when no secret is in Secrets Manager. */
  readonly secrets: Secrets | undefined;
  readonly log: Log;
  readonly metrics: Registry;
  /** Has the shared cache fail in drills. */
  readonly chaos: Chaos;
}

/** The cache that the configuration names: of this process alone, or shared through Redis or Valkey. Connects to nothing yet. */
export function openCache({ config, secrets, log, metrics: registry, chaos }: CacheSetup): Cache {
  const { shared: address } = config.cache;
  const onChange = (open: boolean): void => log.write(open ? "warn" : "info", open ? "cache-left-alone" : "cache-asked-again");
  const circuit = new Circuit({ onChange });
  const metrics = observeCache(registry, () => ({
    entries: cache.entries,
    circuitOpen: address === undefined ? undefined : circuit.isOpen,
  }));
  const shared =
    address === undefined
      ? undefined
      : new Guarded({
          remote: new Redis(addressOf(address, secrets, log), log),
          circuit,
          metrics,
          answerMs: ANSWER_MS,
          mayFail: () => chaos.cache(),
        });
  const cache = new Cache({
    metrics,
    onStaleError: (error) =>
      log.write("warn", "cache-refresh", { message: error instanceof Error ? error.message : String(error) }),
    ...(shared !== undefined && { shared }),
  });
  return cache;
}

function addressOf({ host, port, secretArn }: SharedCacheAddress, secrets: Secrets | undefined, log: Log): RedisAddress {
  if (secrets === undefined) throw new Error("a shared cache needs a reader of secrets");
  const password = async (): Promise<string> => {
    const read = passwordOf(await secrets.read(secretArn), secretArn);
    log.conceal(read);
    return read;
  };
  return { host, port, password };
}

const credentials = z.object({ password: z.string().min(1) });

function passwordOf(text: string, arn: string): string {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    // The parser's own message quotes the text, which is the secret.
  }
  const parsed = credentials.safeParse(json);
  if (parsed.success) return parsed.data.password;
  throw new Error(`the secret ${arn} must be JSON with the string "password"`);
}

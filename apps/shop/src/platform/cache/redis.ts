import type { RedisClientType } from "@redis/client";
import type { Log } from "../log.ts";
import type { Held, RemoteCache } from "./remote.ts";

/** Where the server is, and what to say to it. */
export interface RedisAddress {
  readonly host: string;
  readonly port: number;
  /** PEM of the trusted authorities; undefined for the system's and NODE_EXTRA_CA_CERTS. */
  readonly ca?: string | undefined;
  /** Asked whenever a connection is made, so that a password may be rotated. */
  readonly password: () => Promise<string>;
}

/** Only who holds the lease may store. Both keys have one hash tag, so that a cluster has them in one place. */
const STORE = `
if redis.call('GET', KEYS[2]) ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[2])
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return 1`;
const RELEASE = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])`;

const CONNECT_MS = 2_000;
/** A connection on which nothing comes back for so long is dead: pings are answered at least. */
const SILENT_MS = 6_000;
const PING_MS = 2_000;
/** More wait only for a server that is too slow to be of use. */
const MOST_WAITING = 2_000;
const PAUSE = { firstMs: 50, mostMs: 2_000 };

/** A Redis or Valkey server, over TLS. It connects when it is first used and again whenever the connection is lost; until then every call fails at once. */
export class Redis implements RemoteCache {
  readonly #address: RedisAddress;
  readonly #log: Log;
  #client: Promise<RedisClientType> | undefined;
  #closed = false;

  constructor(address: RedisAddress, log: Log) {
    this.#address = address;
    this.#log = log;
  }

  async get(key: string): Promise<Held | undefined> {
    const client = await this.#connected();
    // Sent together.
    const [text, keptMs] = await Promise.all([client.get(valueKey(key)), client.pTTL(valueKey(key))]);
    return text === null || keptMs <= 0 ? undefined : { text, keptMs };
  }

  async lease(key: string, token: string, ms: number): Promise<boolean> {
    const client = await this.#connected();
    const options = { condition: "NX", expiration: { type: "PX", value: ms } } as const;
    return (await client.set(leaseKey(key), token, options)) === "OK";
  }

  async store(key: string, token: string, text: string, ms: number): Promise<void> {
    const client = await this.#connected();
    await client.eval(STORE, { keys: [valueKey(key), leaseKey(key)], arguments: [token, text, String(ms)] });
  }

  async release(key: string, token: string): Promise<void> {
    const client = await this.#connected();
    await client.eval(RELEASE, { keys: [leaseKey(key)], arguments: [token] });
  }

  async remove(keys: readonly string[]): Promise<void> {
    const client = await this.#connected();
    // One call each, sent together: a cluster has them in different places.
    await Promise.all(keys.map((key) => client.unlink([valueKey(key), leaseKey(key)])));
  }

  close(): void {
    this.#closed = true;
    void this.#client?.then((client) => {
      client.destroy();
    });
  }

  async #connected(): Promise<RedisClientType> {
    this.#client ??= this.#make();
    const client = await this.#client;
    if (!client.isReady) throw new Error("there is no connection to the cache");
    return client;
  }

  async #make(): Promise<RedisClientType> {
    // Who has no such cache does not wait for the library.
    const { createClient } = await import("@redis/client");
    const { host, port, ca, password } = this.#address;
    const client = createClient({
      socket: {
        host,
        port,
        tls: true,
        // The name that the certificate must have; for an address Node compares that.
        ...(isName(host) && { servername: host }),
        minVersion: "TLSv1.2",
        ...(ca !== undefined && { ca }),
        connectTimeout: CONNECT_MS,
        socketTimeout: SILENT_MS,
        reconnectStrategy: (retries) => pauseMs(retries),
      },
      credentialsProvider: {
        type: "async-credentials-provider",
        credentials: async () => ({ password: await password() }),
      },
      disableOfflineQueue: true,
      commandsQueueMaxLength: MOST_WAITING,
      pingInterval: PING_MS,
      disableClientInfo: true,
      // A feature of Redis Enterprise: others refuse the question.
      maintNotifications: "disabled",
    });
    this.#listen(client);
    // Never rejects but at the end: lost connections are made again.
    const connecting = client.connect().catch((error: unknown) => {
      if (!this.#closed) this.#log.error(error, { cache: "connect" });
    });
    await Promise.race([connecting, new Promise((resolve) => client.once("error", resolve))]);
    return client;
  }

  #listen(client: RedisClientType): void {
    let said = "";
    client.on("error", (error: Error) => {
      // One line for an outage, not one for each attempt to connect.
      if (said !== error.message && !this.#closed) this.#log.write("warn", "cache-connection", { message: error.message });
      said = error.message;
    });
    client.on("ready", () => {
      this.#log.write("info", "cache-connected");
      said = "";
    });
  }
}

function pauseMs(retries: number): number {
  const bound = Math.min(PAUSE.mostMs, PAUSE.firstMs * 2 ** Math.min(retries, 10));
  return Math.ceil(bound / 2 + Math.random() * (bound / 2));
}

function isName(host: string): boolean {
  return !/^[0-9.]+$|:/.test(host);
}

function valueKey(key: string): string {
  return `shop:{${key}}`;
}

function leaseKey(key: string): string {
  return `shop:{${key}}:lease`;
}

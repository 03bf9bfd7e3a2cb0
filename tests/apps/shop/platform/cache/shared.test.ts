import assert from "node:assert/strict";
import { Registry } from "prom-client";
import { Cache } from "../../../../../apps/shop/src/platform/cache/cache.ts";
import { Guarded } from "../../../../../apps/shop/src/platform/cache/guarded.ts";
import { observeCache } from "../../../../../apps/shop/src/platform/cache/metrics.ts";
import { Redis } from "../../../../../apps/shop/src/platform/cache/redis.ts";
import { Circuit } from "../../../../../apps/shop/src/platform/circuit.ts";
import { recordedLog, type RecordedLog } from "../../support/logs.ts";
import { RedisServer } from "../../support/redis.ts";
import { until } from "../../support/until.ts";

/** One process's side: its cache, and what it knows of the server. */
interface Side {
  readonly cache: Cache;
  readonly circuit: Circuit;
  readonly log: RecordedLog;
  /** Moves the process's own clock, so that its own copies end. */
  pass(ms: number): void;
  /** Reads whose answer came from there. */
  count(source: string): Promise<number>;
}

const MINUTE = { name: "thing.1", freshMs: 60_000, staleMs: 60_000 };

describe("a cache that processes share", () => {
  let server: RedisServer;
  const sides: Cache[] = [];
  before(async () => (server = await RedisServer.start()));
  after(() => server.close());
  afterEach(() => {
    for (const cache of sides.splice(0)) cache.close();
  });

  let keys = 0;
  const newKey = (): string => `key-${++keys}`;

  const side = async (
    options: { password?: string; ca?: string; answerMs?: number; waitMs?: number; connected?: boolean } = {},
  ): Promise<Side> => {
    const log = recordedLog();
    const registry = new Registry();
    const circuit = new Circuit({ failures: 3, openMs: 20, mostOpenMs: 20 });
    const metrics = observeCache(registry, () => ({ entries: 0, circuitOpen: circuit.isOpen }));
    const password = (): Promise<string> => Promise.resolve(options.password ?? server.password);
    const remote = new Redis({ host: RedisServer.host, port: server.port, ca: options.ca ?? server.ca, password }, log.log);
    const shared = new Guarded({ remote, circuit, metrics, answerMs: options.answerMs ?? 5_000 });
    let ahead = 0;
    const cache = new Cache({
      shared,
      metrics,
      now: () => performance.now() + ahead,
      onStaleError: (error) => log.log.error(error),
      ...(options.waitMs !== undefined && { waitMs: options.waitMs }),
    });
    sides.push(cache);
    if (options.connected !== false)
      await until(() =>
        remote.release("none", "none").then(
          () => true,
          () => false,
        ),
      );
    return {
      cache,
      circuit,
      log,
      pass: (ms) => void (ahead += ms),
      async count(source) {
        const { values } = (await registry.getSingleMetric("cache_reads_total")?.get()) ?? { values: [] };
        return values.find(({ labels }) => labels["source"] === source)?.value ?? 0;
      },
    };
  };
  const never = (): Promise<never> => Promise.reject(new Error("not to be fetched"));
  const gives =
    <T>(value: T) =>
    (): Promise<T> =>
      Promise.resolve(value);

  it("gives a value that one process has fetched to the others", async () => {
    const [one, other, key] = [await side(), await side(), newKey()];
    assert.deepEqual(await one.cache.read(MINUTE, key, gives({ stock: 3 })), { stock: 3 });
    await until(async () => (await other.cache.read(MINUTE, key, gives({ stock: 4 }))).stock === 3 || (other.pass(1_001), false));
    assert.deepEqual(await other.cache.read(MINUTE, key, never), { stock: 3 });
    assert.ok((await other.count("shared")) >= 1);
  });

  it("has one process of many fetch a value that none has", async () => {
    const [key, answer] = [newKey(), Promise.withResolvers<number>()];
    const all = await Promise.all(Array.from({ length: 5 }, () => side({ waitMs: 60_000 })));
    let fetching = 0;
    const load = (): Promise<number> => {
      fetching += 1;
      return answer.promise;
    };
    const readers = all.flatMap(({ cache }) => [cache.read(MINUTE, key, load), cache.read(MINUTE, key, load)]);
    await until(() => fetching === 1);
    answer.resolve(42);
    assert.deepEqual(await Promise.all(readers), Array<number>(10).fill(42));
    assert.equal(fetching, 1);
  });

  it("waits for no process that died while it was fetching", async () => {
    const [one, other, key] = [await side(), await side(), newKey()];
    void one.cache.read(MINUTE, key, () => new Promise(() => undefined));
    await until(async () => (await one.count("loaded")) === 1);
    other.pass(0);
    assert.equal(await other.cache.read(MINUTE, key, gives("fetched by itself")), "fetched by itself");
  });

  it("gives out the old value while one process fetches the new one", async () => {
    const [one, other, key] = [await side(), await side(), newKey()];
    const short = { name: "short.1", freshMs: 1, staleMs: 60_000 };
    await one.cache.read(short, key, gives("old"));
    const answer = Promise.withResolvers<string>();
    let fetching = 0;
    const load = (): Promise<string> => {
      fetching += 1;
      return answer.promise;
    };
    await until(async () => {
      other.pass(10);
      assert.equal(await other.cache.read(short, key, load), "old");
      return fetching === 1;
    });
    assert.equal(await other.cache.read(short, key, load), "old");
    answer.resolve("new");
    await until(async () => (other.pass(10), (await other.cache.read(short, key, gives("new"))) === "new"));
    assert.equal(fetching, 1);
  });

  it("takes a value away from all processes, each of which trusts its own copy for a second", async () => {
    const [one, other, key] = [await side(), await side(), newKey()];
    await one.cache.read(MINUTE, key, gives("old"));
    await until(async () => (other.pass(1_001), (await other.cache.read(MINUTE, key, gives("not yet there"))) === "old"));
    await one.cache.forget(MINUTE, [key]);
    assert.equal(await one.cache.read(MINUTE, key, gives("new")), "new");
    assert.equal(await other.cache.read(MINUTE, key, never), "old");
    other.pass(1_001);
    assert.equal(await other.cache.read(MINUTE, key, gives("new")), "new");
  });

  it("does not keep what was removed while it was being fetched", async () => {
    const [one, other, key] = [await side(), await side(), newKey()];
    const answer = Promise.withResolvers<string>();
    const reading = one.cache.read(MINUTE, key, () => answer.promise);
    await until(async () => (await one.count("loaded")) === 1);
    await other.cache.forget(MINUTE, [key]);
    answer.resolve("read before the change");
    assert.equal(await reading, "read before the change");
    assert.equal(await other.cache.read(MINUTE, key, gives("read after the change")), "read after the change");
    one.pass(1_001);
    await until(
      async () => (
        one.pass(1_001),
        (await one.cache.read(MINUTE, key, gives("read after the change"))) === "read after the change"
      ),
    );
  });

  it("answers every read while the server is away, and uses it again when it is back", async () => {
    const [one, key] = [await side(), newKey()];
    const isShared = async (before: number): Promise<boolean> => {
      one.pass(1_001);
      assert.equal(await one.cache.read(MINUTE, key, gives("value")), "value");
      return (await one.count("shared")) > before;
    };
    await until(() => isShared(0));
    await server.cut();
    await until(async () => {
      one.pass(1_001);
      assert.equal(await one.cache.read(MINUTE, key, gives("value")), "value");
      return one.circuit.isOpen;
    });
    await server.open();
    const before = await one.count("shared");
    await until(() => isShared(before));
    assert.equal(one.circuit.isOpen, false);
    assert.equal(one.log.lines().filter(({ event }) => event === "cache-connected").length, 2);
  });

  it("waits for a server that takes everything and answers nothing only so long, and then leaves it alone", async () => {
    const [one, key] = [await side({ answerMs: 200 }), newKey()];
    await server.hold();
    for (let read = 0; !one.circuit.isOpen; read += 1)
      assert.equal(await one.cache.read(MINUTE, `${key}-${read}`, gives(read)), read);
    await server.release();
    await until(async () => {
      await one.cache.read(MINUTE, newKey(), gives(1));
      return !one.circuit.isOpen;
    });
  });

  it("says which server it cannot trust or is not trusted by, without the password, and answers all the same", async () => {
    const stranger = await RedisServer.start();
    const [wrong, unknown] = [
      await side({ password: "not-the-password", connected: false }),
      await side({ ca: stranger.ca, connected: false }),
    ];
    await stranger.close();
    for (const [{ cache, log }, message] of [
      [wrong, /WRONGPASS/],
      [unknown, /unable to verify the first certificate|self-signed certificate|certificate signature failure/],
    ] as const) {
      assert.equal(await cache.read(MINUTE, newKey(), gives("value")), "value");
      await until(() => log.lines().some((line) => message.test(String(line["message"]))));
      assert.ok(!log.text().includes("not-the-password"));
    }
  });
});

import assert from "node:assert/strict";
import { Registry } from "prom-client";
import { Cache } from "../../../../../apps/shop/src/platform/cache/cache.ts";
import { observeCache } from "../../../../../apps/shop/src/platform/cache/metrics.ts";

const KIND = { name: "thing.1", freshMs: 1_000, staleMs: 500 };

describe("a cache of one process", () => {
  let now: number;
  let loads: number;
  let registry: Registry;
  let errors: string[];
  let cache: Cache;
  beforeEach(() => {
    [now, loads, errors, registry] = [0, 0, [], new Registry()];
    const metrics = observeCache(registry, () => ({ entries: cache.entries, circuitOpen: undefined }));
    cache = new Cache({ metrics, now: () => now, onStaleError: (error) => errors.push((error as Error).message) });
  });
  const load = (): Promise<number> => Promise.resolve(++loads);
  const read = (key = "a"): Promise<number> => cache.read(KIND, key, load);

  it("fetches a value once and gives it out until its time is over, less up to a tenth", async () => {
    assert.equal(await read(), 1);
    now = 899;
    assert.equal(await read(), 1);
    assert.equal(await read("b"), 2);
    assert.equal(loads, 2);
  });

  it("gives out the old value once more while it fetches the new one", async () => {
    await read();
    now = 1_000;
    assert.equal(await read(), 1);
    assert.equal(await read(), 2);
    assert.equal(loads, 2);
  });

  it("waits for the new value when the old one is too old", async () => {
    await read();
    now = 1_500;
    assert.equal(await read(), 2);
  });

  it("fetches once for all who ask at once", async () => {
    const answer = Promise.withResolvers<number>();
    let calls = 0;
    const slow = (): Promise<number> => {
      calls += 1;
      return answer.promise;
    };
    const readers = Array.from({ length: 100 }, () => cache.read(KIND, "a", slow));
    answer.resolve(7);
    assert.deepEqual(new Set(await Promise.all(readers)), new Set([7]));
    assert.equal(calls, 1);
  });

  it("tells everybody who waits when fetching fails, keeps nothing, and fetches anew for the next", async () => {
    const fails = (): Promise<number> => Promise.reject(new Error("the database is away"));
    const readers = [cache.read(KIND, "a", fails), cache.read(KIND, "a", fails)];
    for (const reader of readers) await assert.rejects(reader, { message: "the database is away" });
    assert.equal(await read(), 1);
  });

  it("goes on with the old value, and tells why, while the new one cannot be fetched", async () => {
    await read();
    now = 1_200;
    const fails = (): Promise<number> => Promise.reject(new Error("the database is away"));
    for (let round = 1; round <= 2; round += 1) {
      assert.deepEqual(await Promise.all([cache.read(KIND, "a", fails), cache.read(KIND, "a", fails)]), [1, 1]);
      await new Promise(setImmediate);
      assert.deepEqual(errors, Array<string>(round).fill("the database is away"));
    }
    now = 1_500;
    await assert.rejects(cache.read(KIND, "a", fails), { message: "the database is away" });
  });

  it("forgets at once, also what was being fetched before the change", async () => {
    await read();
    await cache.forget(KIND, ["a", "never-kept"]);
    const before = Promise.withResolvers<number>();
    const reader = cache.read(KIND, "a", () => before.promise);
    await cache.forget(KIND, ["a"]);
    assert.equal(await read(), 2);
    before.resolve(-1);
    assert.equal(await reader, -1);
    assert.equal(await read(), 2);
  });

  it("keeps nothing where there was nothing", async () => {
    const none = (): Promise<undefined> => {
      loads += 1;
      return Promise.resolve(undefined);
    };
    const values: unknown[] = [];
    for (let time = 0; time < 2; time += 1) values.push(await cache.read<unknown>(KIND, "a", none));
    assert.deepEqual([values, loads], [[undefined, undefined], 2]);
    assert.equal(cache.entries, 0);
  });

  it("keeps the thousand values that were read last", async () => {
    await read("first");
    for (let index = 0; index < 999; index += 1) await read(`k${index}`);
    await read("first");
    await read("one too many");
    assert.equal(cache.entries, 1_000);
    assert.equal(await read("first"), 1);
    assert.equal(await read("k0"), 1_002);
  });

  it("counts where the answers came from", async () => {
    await read();
    await read();
    now = 1_000;
    await read();
    const text = await registry.metrics();
    assert.match(text, /^cache_reads_total\{cache="thing\.1",source="near"\} 1$/m);
    assert.match(text, /^cache_reads_total\{cache="thing\.1",source="stale"\} 1$/m);
    assert.match(text, /^cache_reads_total\{cache="thing\.1",source="loaded"\} 2$/m);
    assert.match(text, /^cache_entries 1$/m);
    assert.doesNotMatch(text, /^cache_circuit_open \d/m);
  });
});

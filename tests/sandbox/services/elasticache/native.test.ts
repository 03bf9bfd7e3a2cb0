import assert from "node:assert/strict";
import type { Resource } from "../../../../sandbox/src/core/definition.ts";
import { type Props, text } from "../../../../sandbox/src/core/values.ts";
import type { Load } from "../../../../sandbox/src/plane/process-load.ts";
import { CacheMetrics } from "../../../../sandbox/src/services/elasticache/metrics.ts";
import { refused } from "../../support/refused.ts";
import { CacheFixture, nativeEngine, TOKEN, type } from "./support.ts";

describe("caches of the sandbox on a real Valkey or Redis", () => {
  let caches: CacheFixture;
  beforeEach(function () {
    const engine = nativeEngine();
    // It is not among the packages of npm; a machine that has it runs these.
    if (engine === undefined) this.skip();
    caches = new CacheFixture(engine);
  });
  afterEach(async function () {
    if (nativeEngine() !== undefined) await caches.end();
  });

  const twoNodes = { numCacheClusters: 2, automaticFailoverEnabled: true };
  const nodeOf = (number: number): string => `cache-eu-central-1.cache-cache-00${String(number)}`;

  it("have a reader endpoint at a replica, which has what the primary has and takes no writes", async () => {
    const row = await caches.group(twoNodes);
    await (await caches.connect(row)).say("SET", "a", "1");
    const reader = await caches.connect(row, { endpoint: "reader" });
    await caches.until(async () => (await reader.say("GET", "a")) === "1");
    await assert.rejects(reader.say("SET", "a", "2"), /READONLY/);
  });

  it("put the replica in the place of a primary that is killed, with all it holds, and take that back as its replica", async () => {
    const row = await caches.group(twoNodes);
    const before = await caches.connect(row);
    await before.say("SET", "a", "1");
    await before.say("WAIT", "1", "0");
    caches.cloud.processes.kill(nodeOf(1));
    await caches.until(async () => (await caches.once(row, "primary", "SET", "b", "2")) === "OK");
    const after = await caches.connect(row);
    assert.deepEqual(await after.say("MGET", "a", "b"), ["1", "2"]);
    assert.equal(caches.cloud.notes.filter((note) => note.includes("is cache-002 now, in place of cache-001")).length, 1);
    await caches.until(async () => String(await caches.once(row, "reader", "ROLE")).startsWith("slave"));
    assert.equal(await caches.once(row, "reader", "GET", "b"), "2");
  });

  it("come back empty, as the primary, where no replica may take over", async () => {
    const row = await caches.group({ numCacheClusters: 2 });
    await (await caches.connect(row)).say("SET", "a", "1");
    caches.cloud.processes.kill(nodeOf(1));
    await caches.until(async () => (await caches.once(row, "primary", "GET", "a")) === null);
    assert.deepEqual(
      caches.cloud.notes.filter((note) => note.startsWith("The primary")),
      [],
    );
  });

  it("grow and shrink without losing what they hold, the primary's node among those that go", async () => {
    const row = await caches.group(twoNodes);
    await (await caches.connect(row)).say("SET", "a", "1");
    const three = await caches.stack.update(row, "cache", caches.inputs({ ...twoNodes, numCacheClusters: 3 }));
    assert.deepEqual(three.outputs["memberClusters"], ["cache-001", "cache-002", "cache-003"]);
    caches.cloud.processes.kill(nodeOf(1));
    await caches.until(async () => (await caches.once(three, "primary", "SET", "b", "2")) === "OK");
    const one = await caches.stack.update(three, "cache", caches.inputs({ numCacheClusters: 1 }));
    await caches.until(async () => String(await caches.once(one, "primary", "MGET", "a", "b")) === "1,2");
    assert.deepEqual(
      caches.cloud.processes.list().map(({ name }) => name),
      [nodeOf(1)],
    );
  });

  it("have the settings of their parameter group and the memory of their node type, and take over a change at once", async () => {
    const policy = (value: string): Props => ({
      name: "lru",
      family: "valkey8",
      parameters: [{ name: "maxmemory-policy", value }],
    });
    const group = await caches.stack.create(type.parameters, "lru", policy("allkeys-lru"));
    const row = await caches.group({ parameterGroupName: "lru" });
    const client = await caches.connect(row);
    const setting = async (name: string): Promise<string> =>
      ((await client.say("CONFIG", "GET", name)) as Record<string, string>)[name] ?? "";
    // 0.5 GiB, of which a quarter is reserved.
    assert.deepEqual([await setting("maxmemory"), await setting("maxmemory-policy")], ["402653184", "allkeys-lru"]);
    await caches.stack.update(group, "lru", policy("volatile-ttl"));
    assert.equal(await setting("maxmemory-policy"), "volatile-ttl");
    await refused(
      caches.stack.delete(group),
      "InvalidCacheParameterGroupState",
      "One or more cache clusters are still members of this parameter group lru, so the group cannot be deleted.",
    );
  });

  it("take two tokens while one is rotated, and one when it is set", async () => {
    const row = await caches.group();
    const authToken = "the-next-token-of-it";
    const rotated = await caches.stack.update(row, "cache", caches.inputs({ authToken, authTokenUpdateStrategy: "ROTATE" }));
    for (const password of [TOKEN, authToken]) await caches.connect(rotated, { password });
    await caches.stack.update(rotated, "cache", caches.inputs({ authToken, authTokenUpdateStrategy: "SET" }));
    await caches.connect(rotated, { password: authToken });
    await assert.rejects(caches.connect(rotated), /WRONGPASS/);
  });

  it("let each user do what its access string says", async () => {
    const user = (userName: string, accessString: string, inputs: Props = {}): Promise<Resource> =>
      caches.stack.create(type.user, userName, {
        ...{ userId: `id-${userName}`, userName, engine: "valkey", accessString, passwords: [TOKEN], ...inputs },
      });
    await user("reader", "on ~app:* -@all +@read");
    await user("default", "off -@all", { userId: "no-default" });
    await caches.stack.create(type.users, "users", {
      userGroupId: "users",
      engine: "valkey",
      userIds: ["id-reader", "no-default"],
    });
    const { authToken: _, ...inputs } = caches.inputs({ userGroupIds: ["users"] });
    const row = await caches.stack.create(type.group, "cache", inputs);
    const reader = await caches.connect(row, { username: "reader" });
    assert.equal(await reader.say("GET", "app:a"), null);
    await assert.rejects(reader.say("GET", "other"), /NOPERM/);
    await assert.rejects(reader.say("SET", "app:a", "1"), /NOPERM/);
    await assert.rejects(caches.connect(row), /WRONGPASS/);
  });

  it("tell CloudWatch of hits, misses, memory and what was evicted", async () => {
    const row = await caches.group(twoNodes);
    const client = await caches.connect(row);
    await client.say("SET", "a", "x".repeat(1000));
    for (const key of ["a", "a", "b"]) await client.say("GET", key);
    const metrics = new CacheMetrics(caches.cloud);
    const load: Load = { seconds: 0, processes: new Map() };
    await metrics.collect(load, 0);
    const of = (node: string): ReadonlyMap<string, number> =>
      new Map(
        caches.cloud.metrics
          .filter(({ dimensions }) => text(dimensions, "CacheClusterId") === node && dimensions["CacheNodeId"] === undefined)
          .map(({ name, value }) => [name, value]),
      );
    const primary = of("cache-001");
    const told = ["CacheHits", "CacheMisses", "Evictions", "CurrItems", "IsMaster"].map((name) => primary.get(name));
    assert.deepEqual(told, [2, 1, 0, 1, 1]);
    assert.ok((primary.get("DatabaseMemoryUsagePercentage") ?? 0) > 0 && (primary.get("CurrConnections") ?? 0) >= 1);
    assert.deepEqual([of("cache-002").get("IsMaster"), of("cache-002").has("ReplicationLag")], [0, true]);
    caches.cloud.metrics.length = 0;
    await metrics.collect(load, 0);
    assert.equal(of("cache-001").get("CacheHits"), 0);
  });
});

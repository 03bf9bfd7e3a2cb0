import assert from "node:assert/strict";
import { type Props, text } from "../../../../sandbox/src/core/values.ts";
import { refused } from "../../support/refused.ts";
import { CacheFixture, TOKEN, type } from "./support.ts";

describe("caches of the sandbox", () => {
  let caches: CacheFixture;
  beforeEach(() => {
    caches = new CacheFixture();
  });
  afterEach(() => caches.end());

  const faults = (inputs: Props): string[] => caches.stack.faults(type.group, "cache", caches.inputs(inputs));

  it("have the outputs of the cloud, and its defaults", async () => {
    const { id, outputs } = await caches.group({ numCacheClusters: 2 });
    assert.equal(id, "cache");
    const { primaryEndpointAddress: _primary, readerEndpointAddress: _reader, ...others } = outputs;
    assert.match(text(outputs, "primaryEndpointAddress"), /^master\.cache\.[0-9a-f]{6}\.euc1\.cache\.amazonaws\.com$/);
    assert.match(text(outputs, "readerEndpointAddress"), /^replica\.cache\.[0-9a-f]{6}\.euc1\.cache\.amazonaws\.com$/);
    assert.deepEqual(others, {
      applyImmediately: false,
      arn: "arn:aws:elasticache:eu-central-1:123456789012:replicationgroup:cache",
      atRestEncryptionEnabled: true,
      authToken: TOKEN,
      autoMinorVersionUpgrade: true,
      automaticFailoverEnabled: false,
      clusterEnabled: false,
      clusterMode: "disabled",
      configurationEndpointAddress: "",
      dataTieringEnabled: false,
      description: "a cache",
      engine: "valkey",
      engineVersion: "8.2",
      engineVersionActual: "8.2.0",
      globalReplicationGroupId: "",
      ipDiscovery: "ipv4",
      maintenanceWindow: "sun:05:00-sun:06:00",
      memberClusters: ["cache-001", "cache-002"],
      multiAzEnabled: false,
      networkType: "ipv4",
      nodeType: "cache.t4g.micro",
      numCacheClusters: 2,
      numNodeGroups: 1,
      parameterGroupName: "default.valkey8",
      port: 6379,
      replicasPerNodeGroup: 1,
      replicationGroupId: "cache",
      securityGroupIds: [],
      securityGroupNames: [],
      snapshotRetentionLimit: 0,
      snapshotWindow: "03:00-04:00",
      subnetGroupName: "default",
      transitEncryptionEnabled: true,
      transitEncryptionMode: "required",
    });
  });

  it("take who has the token, over TLS with the sandbox's own authority, and nobody else", async () => {
    const row = await caches.group();
    const client = await caches.connect(row);
    assert.equal(await client.say("SET", "a", "1"), "OK");
    assert.equal(await client.say("GET", "a"), "1");
    await assert.rejects(caches.connect(row, { password: "another-token-of-it" }), /WRONGPASS/);
    await assert.rejects(caches.connect(row, { password: "" }), /NOAUTH/);
    await assert.rejects(caches.connect(row, { tls: false }));
  });

  it("speak plainly to everybody where neither encryption nor a token was asked for", async () => {
    const { authToken: _, ...inputs } = caches.inputs({ transitEncryptionEnabled: false });
    const row = await caches.stack.create(type.group, "cache", inputs);
    assert.match(text(row.outputs, "primaryEndpointAddress"), /^cache\.[0-9a-f]{6}\.ng\.0001\.euc1\.cache\.amazonaws\.com$/);
    const client = await caches.connect(row, { tls: false, password: "" });
    assert.equal(await client.say("PING"), "PONG");
  });

  it("come back, empty, when their server is killed", async () => {
    const row = await caches.group();
    await (await caches.connect(row)).say("SET", "a", "1");
    caches.cloud.processes.kill("cache-eu-central-1.cache-cache-001");
    await caches.until(async () => (await caches.once(row, "primary", "GET", "a")) === null);
  });

  it("say which engine plays them, and what it cannot do", async () => {
    await caches.group({ numCacheClusters: 2 });
    assert.deepEqual(caches.cloud.notes, [
      "The cache eu-central-1.cache runs on js-redis-server, as there is no valkey-server or redis-server on the PATH; " +
        "its 2 nodes are one server: there are no replicas, and a killed primary comes back empty (put valkey-server or redis-server on the PATH, or its path into SANDBOX_REDIS_BIN, and start the sandbox again); " +
        "nothing is evicted (put valkey-server or redis-server on the PATH, or its path into SANDBOX_REDIS_BIN, and start the sandbox again).",
    ]);
  });

  it("take a new token in place, keeping what they hold", async () => {
    const row = await caches.group();
    await (await caches.connect(row)).say("SET", "a", "1");
    const authToken = "the-next-token-of-it";
    const updated = await caches.stack.update(row, "cache", caches.inputs({ authToken, authTokenUpdateStrategy: "SET" }));
    const client = await caches.connect(updated, { password: authToken });
    assert.equal(await client.say("GET", "a"), "1");
    await assert.rejects(caches.connect(updated), /WRONGPASS/);
    await refused(
      caches.stack.update(updated, "cache", caches.inputs({ authToken, authTokenUpdateStrategy: "DELETE" })),
      "InvalidParameterCombination",
      "The AUTH token cannot be given together with the update strategy DELETE.",
    );
  });

  it("let go of their ports and names when they are deleted", async () => {
    const row = await caches.group();
    const port = caches.portOf(row);
    assert.notEqual(port, 0);
    await caches.stack.delete(row);
    assert.equal(caches.portOf(row), 0);
    assert.deepEqual(caches.cloud.processes.list(), []);
  });

  for (const [inputs, fault] of [
    [{ replicationGroupId: "a--b" }, 'replicationGroupId: "a--b" is not allowed: no two hyphens in a row, and none at the end'],
    [{ engineVersion: "9.9" }, 'engineVersion: "9.9" is not a version of valkey; allowed: 9.0, 8.2, 8.1, 8.0, 7.2'],
    [
      { automaticFailoverEnabled: true },
      'automaticFailoverEnabled: "numCacheClusters": must be at least 2 if automaticFailoverEnabled is true, got 1',
    ],
    [
      { multiAzEnabled: true, numCacheClusters: 2 },
      "multiAzEnabled: automaticFailoverEnabled must be true if multiAzEnabled is true",
    ],
    [
      { authToken: "short" },
      "authToken: the token has 5 characters or others than are allowed: 16 to 128 letters, digits and !&#$^<>-",
    ],
    [{ transitEncryptionEnabled: false }, "authToken: an authToken needs transitEncryptionEnabled = true"],
    [{ snapshotRetentionLimit: 36 }, "snapshotRetentionLimit: 36 is out of range; allowed: 0 to 35"],
    [{ snapshotWindow: "05:00-05:30" }, 'snapshotWindow: "05:00-05:30" must be at least 60 minutes long; it is 30'],
    [{ maintenanceWindow: "sunday" }, 'maintenanceWindow: "sunday" must satisfy the format of "ddd:hh24:mi-ddd:hh24:mi"'],
    [{ numNodeGroups: 2 }, "numNodeGroups: the sandbox serves caches of one shard: use numCacheClusters"],
  ] as const) {
    it(`refuse ${JSON.stringify(inputs)}`, () => {
      assert.deepEqual(faults(inputs), [fault]);
    });
  }

  it("want different times for snapshots and maintenance", async () => {
    await refused(
      caches.group({ snapshotWindow: "04:30-05:30", maintenanceWindow: "sun:05:00-sun:06:00" }),
      "InvalidParameterCombination",
      "The snapshot window and maintenance window must not overlap.",
    );
  });

  it("have no users on the embedded engine, and say what to do", async () => {
    const user = { userId: "app", userName: "app", engine: "valkey", accessString: "on ~* +@all", passwords: [TOKEN] };
    await caches.stack.create(type.user, "app", user);
    await caches.stack.create(type.users, "users", { userGroupId: "users", engine: "valkey", userIds: ["app"] });
    const { authToken: _, ...inputs } = caches.inputs({ userGroupIds: ["users"] });
    await refused(
      caches.stack.create(type.group, "cache", inputs),
      "InvalidParameterCombination",
      "The engine that the sandbox has here, js-redis-server, knows no users: use authToken, or put valkey-server or redis-server on the PATH, or its path into SANDBOX_REDIS_BIN, and start the sandbox again.",
    );
  });

  it("are not made from snapshots that nobody kept", async () => {
    await refused(caches.group({ snapshotName: "yesterday" }), "SnapshotNotFoundFault", /^Snapshot yesterday not found/);
  });

  it("are replaced where ElastiCache cannot change them, and only there", () => {
    const { engine } = caches.stack;
    const replaced = (before: Props, now: Props): (string | boolean)[][] =>
      engine.diff(type.group, caches.inputs(before), caches.inputs(now)).changes.map(({ path, replace }) => [path, replace]);
    assert.deepEqual(replaced({ port: 6379 }, { port: 6380 }), [["port", true]]);
    assert.deepEqual(replaced({ numCacheClusters: 1 }, { numCacheClusters: 2 }), [["numCacheClusters", false]]);
    assert.deepEqual(replaced({ engine: "redis" }, { engine: "valkey" }), [["engine", false]]);
    assert.deepEqual(replaced({ engine: "valkey" }, { engine: "redis" }), [["engine", true]]);
    const tls = { transitEncryptionEnabled: false };
    assert.deepEqual(replaced({ ...tls, engineVersion: "7.2" }, { engineVersion: "7.2" }), [["transitEncryptionEnabled", false]]);
    const old = { engine: "redis", engineVersion: "6.2" };
    assert.deepEqual(replaced({ ...tls, ...old }, old), [["transitEncryptionEnabled", true]]);
  });
});

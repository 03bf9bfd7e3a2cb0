import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { operatorCredentials } from "../../../../sandbox/src/api/credentials.ts";
import { serveApi } from "../../../../sandbox/src/api/endpoint.ts";
import type { Resource } from "../../../../sandbox/src/core/definition.ts";
import { text } from "../../../../sandbox/src/core/values.ts";
import { beginOutage, endOutage } from "../../../../sandbox/src/daemon/outages.ts";
import { dataRoot } from "../../../../sandbox/src/plane/postgres-binaries.ts";
import { processName } from "../../../../sandbox/src/plane/postgres.ts";
import { rdsApi } from "../../../../sandbox/src/services/rds/api.ts";
import { fleetOf } from "../../../../sandbox/src/services/rds/fleet.ts";
import { addReader, readersOf, removeReader } from "../../../../sandbox/src/services/rds/index.ts";
import { setWriter } from "../../../../sandbox/src/services/rds/roles.ts";
import { serverOf } from "../../../../sandbox/src/services/rds/types.ts";
import { eventually } from "../../plane/support.ts";
import { REGION } from "../../support/cloud.ts";
import { sendSigned } from "../../support/signed.ts";
import { DatabaseClient, Writers } from "./database-client.ts";
import { CLUSTER, INSTANCE, RdsFixture, type } from "./support.ts";

/** The tests of this file follow one cluster through its life; each begins where the one before ended. */
describe("a cluster with readers", function () {
  this.timeout(60_000);
  let rds: RdsFixture;
  let cluster: Resource;
  let client: DatabaseClient;
  let instances: Resource[] = [];

  before(async () => {
    rds = new RdsFixture();
    await rds.cloud.trust.prepare();
    await rds.subnetGroup();
    cluster = await rds.make(type.cluster, CLUSTER, "shop");
    client = new DatabaseClient(rds, cluster);
    instances.push(await rds.make(type.instance, INSTANCE, "one"));
    await client.query("CREATE TABLE written (id int PRIMARY KEY)");
    instances.push(await rds.make(type.instance, { ...INSTANCE, identifier: "shop-2", promotionTier: 5 }, "two"));
    instances.push(await rds.make(type.instance, { ...INSTANCE, identifier: "shop-3", promotionTier: 1 }, "three"));
  });
  after(() => rds.end());

  const [first, second, third] = [0, 1, 2].map((at) => (): Resource => instances[at] as Resource) as [
    () => Resource,
    () => Resource,
    () => Resource,
  ];
  const nameOf = (instance: Resource): string => processName(serverOf(cluster, instance));
  const hostOf = (row: Resource): string => text(row.outputs, "endpoint");
  const writing = async (): Promise<string[]> => {
    const rows = await Promise.all(instances.map(async (row) => ((await rds.now(row))["writer"] === true ? [row.id] : [])));
    return rows.flat();
  };
  /** The instances that get the writer's log, as it says. */
  const following = async (): Promise<unknown[]> => {
    const rows = await client.query("SELECT application_name AS name FROM pg_stat_replication WHERE state = 'streaming'");
    const servers = instances
      .concat(readersOf(rds.cloud, cluster))
      .map((row) => [serverOf(cluster, row).server.slice(0, 63), row.id] as const);
    return rows.map(({ name }) => new Map<unknown, string>(servers).get(name)).sort();
  };
  const folderOf = (instance: Resource): string => {
    const { id, server } = serverOf(cluster, instance);
    const account = process.getuid?.() === 0 ? { uid: 65_534 } : {};
    return join(dataRoot(rds.cloud.home, account), "clusters", id, "servers", server);
  };
  /** The servers that answer at the reader endpoint. */
  const readingAt = async (): Promise<Set<unknown>> => {
    const asked = Array.from({ length: 6 }, () =>
      client.query("SELECT inet_server_port() AS port", text(cluster.outputs, "readerEndpoint")),
    );
    return new Set((await Promise.all(asked)).map(([row]) => row?.["port"]));
  };

  describe("spreads", () => {
    it("its instances over the zones of its subnet group", () => {
      assert.deepEqual(
        instances.map(({ outputs }) => [outputs["identifier"], outputs["availabilityZone"], outputs["writer"]]),
        [
          ["shop-1", "eu-central-1a", true],
          ["shop-2", "eu-central-1b", false],
          ["shop-3", "eu-central-1a", false],
        ],
      );
    });

    it("the connections to its reader endpoint over the readers", async () => {
      const ports = [second(), third()].map((row) => rds.cloud.addresses.resolve(`${hostOf(row)}:5432`)?.port);
      assert.deepEqual(await readingAt(), new Set(ports));
    });

    it("its data to them: what is written is read there, where nothing can be written", async () => {
      await client.query("INSERT INTO written VALUES (-1)");
      for (const reader of [second(), third()]) {
        await eventually(
          "the row has arrived",
          async () => (await client.query("SELECT id FROM written", hostOf(reader))).length === 1,
        );
        await assert.rejects(client.query("INSERT INTO written VALUES (-2)", hostOf(reader)), {
          message: "cannot execute INSERT in a read-only transaction",
        });
      }
    });

    it("no slots, which would keep the log of a reader that is gone until the disk is full", async () => {
      assert.deepEqual(await client.query("SELECT slot_name FROM pg_replication_slots"), []);
    });
  });

  describe("when a reader is killed", () => {
    it("leads nobody to it until it is back, and goes on", async () => {
      const ready = (): boolean => rds.cloud.processes.stateOf(nameOf(second())) === "ready";
      rds.cloud.processes.kill(nameOf(second()));
      await eventually("it has died", () => !ready());
      assert.equal((await readingAt()).size, 1);
      await eventually("it is back", async () => ready() && (await following()).length === 2);
      assert.deepEqual(await writing(), ["shop-1"]);
    });

    it("copies the writer's data again for one whose own are damaged", async () => {
      await rds.cloud.processes.stop(nameOf(second()));
      rmSync(join(folderOf(second()), "global", "pg_control"));
      await fleetOf(rds.cloud).run(cluster);
      assert.deepEqual(await following(), ["shop-2", "shop-3"]);
    });
  });

  describe("when its writer is killed under writes", () => {
    it("has the reader with the best tier take its place, with every row that was acknowledged", async () => {
      const data = statSync(folderOf(first())).ino;
      const writers = new Writers(client);
      await writers.during(4, async () => {
        await eventually("some are written", () => writers.acknowledged.size > 100);
        rds.cloud.processes.kill(nameOf(first()));
        const before = writers.acknowledged.size;
        await eventually("more are written", () => writers.acknowledged.size > before + 100, 30_000);
      });
      assert.deepEqual(await writers.lost(), []);
      assert.deepEqual(await writing(), ["shop-3"]);
      assert.deepEqual(
        rds.cloud.notes.filter((note) => note.includes("failover")),
        ["shop: Started failover to DB instance: shop-3", "shop: Completed failover to DB instance: shop-3"],
      );
      // It comes back with the data that it had.
      await eventually("the old writer follows", async () => (await following()).join() === "shop-1,shop-2");
      assert.equal(statSync(folderOf(first())).ino, data);
    });

    it("shows no difference to what the program asked for, before a refresh and after it", async () => {
      for (const row of instances) {
        const { inputs, outputs } = rds.cloud.world.get(row.type, row.id, REGION) as Resource;
        assert.deepEqual(rds.stack.engine.diff(row.type, inputs, inputs).changes, []);
        assert.equal(outputs["writer"], row.id === "shop-1", "the state changes by a refresh only");
      }
      assert.deepEqual((await rds.now(cluster))["clusterMembers"], ["shop-1", "shop-2", "shop-3"]);
    });

    it("can still be restored to a moment before", async () => {
      const [moment] = await client.query("SELECT date_trunc('milliseconds', clock_timestamp()) + interval '1 ms' AS at");
      const [kept] = await client.query("SELECT count(*)::int AS count, pg_sleep(0.01) FROM written");
      await client.query("DELETE FROM written WHERE id >= 0");
      await fleetOf(rds.cloud).failOver(cluster, second());
      const restoreToPointInTime = { sourceClusterIdentifier: "shop", restoreToTime: (moment?.["at"] as Date).toISOString() };
      const copy = await rds.make(type.cluster, { ...CLUSTER, clusterIdentifier: "past", restoreToPointInTime });
      const own = await rds.make(type.instance, { ...INSTANCE, clusterIdentifier: "past", identifier: "past-1" });
      const [row] = await new DatabaseClient(rds, copy).query("SELECT count(*)::int AS count FROM written");
      assert.equal(row?.["count"], kept?.["count"]);
      await rds.delete(own);
      await rds.delete(copy);
    });
  });

  describe("on request", () => {
    it("fails over to the reader that is named, under writes and without the loss of one", async () => {
      const writers = new Writers(client);
      await writers.during(2, async () => {
        await eventually("some are written", () => writers.acknowledged.size > 20);
        await fleetOf(rds.cloud).failOver(cluster, first());
        const before = writers.acknowledged.size;
        await eventually("more are written", () => writers.acknowledged.size > before + 20);
      });
      assert.deepEqual(await writers.lost(), []);
      assert.deepEqual([await writing(), await following()], [["shop-1"], ["shop-2", "shop-3"]]);
    });

    it("does so by RDS' own API, and tells who has which role", async () => {
      const api = await serveApi(rds.cloud, 0, { json: {}, query: { rds: rdsApi }, rest: {}, cbor: {}, queryCodes: {} });
      const config = { endpoint: api.url, region: REGION, credentials: operatorCredentials(rds.cloud), maxAttempts: 1 };
      const call = (form: Record<string, string>) => {
        const body = new URLSearchParams({ Version: "2014-10-31", ...form }).toString();
        const payload = createHash("sha256").update(body).digest("hex");
        return sendSigned(config, { method: "POST", path: "/", service: "rds", body: [body], payload });
      };
      try {
        for (const [form, code, message] of [
          [{ DBClusterIdentifier: "none" }, "DBClusterNotFoundFault", "DBCluster none not found."],
          [
            { DBClusterIdentifier: "shop", TargetDBInstanceIdentifier: "none" },
            "InvalidDBInstanceState",
            "The DB instance none isn't a member of the DB cluster shop.",
          ],
          [
            { DBClusterIdentifier: "shop", TargetDBInstanceIdentifier: "shop-1" },
            "InvalidDBClusterStateFault",
            "The DB instance shop-1 is the writer of the DB cluster shop already.",
          ],
        ] as const) {
          const refusal = await call({ Action: "FailoverDBCluster", ...form });
          assert.equal(refusal.code, code);
          assert.ok(refusal.body.includes(message), refusal.body);
        }
        assert.equal((await call({ Action: "FailoverDBCluster", DBClusterIdentifier: "shop" })).status, 200);
        // Of the lower tier first.
        await eventually("another one writes", async () => (await writing()).join() === "shop-3");
        await eventually("all follow", async () => (await following().catch(() => [])).join() === "shop-1,shop-2");
        const { body } = await call({ Action: "DescribeDBClusters", DBClusterIdentifier: "shop" });
        const members = [
          ...body.matchAll(/<DBInstanceIdentifier>(.*?)<\/DBInstanceIdentifier><IsClusterWriter>(.*?)<.*?<PromotionTier>(.*?)</g),
        ];
        assert.deepEqual(
          members.map((found) => found.slice(1)),
          [
            ["shop-1", "false", "0"],
            ["shop-2", "false", "5"],
            ["shop-3", "true", "1"],
          ],
        );
        await fleetOf(rds.cloud).failOver(cluster, first());
      } finally {
        await api.close();
      }
    });
  });

  describe("when a zone is off", () => {
    it("goes on with a reader of another one, and has the zone's instances back as readers", async () => {
      // The writer and a reader with a better tier stand in it.
      await beginOutage(rds.cloud, { zone: "eu-central-1a" });
      await eventually("the other one writes", async () => (await writing()).join() === "shop-2");
      await eventually("it takes writes", () =>
        client.query("DELETE FROM written").then(
          () => true,
          () => false,
        ),
      );
      assert.deepEqual(await following(), []);
      await endOutage(rds.cloud, { zone: "eu-central-1a" });
      assert.deepEqual([await writing(), await following()], [["shop-2"], ["shop-1", "shop-3"]]);
    });
  });

  describe("after the daemon was stopped", () => {
    it("has the same writer and readers again", async () => {
      await client.query("INSERT INTO written VALUES (1)");
      await rds.restartDaemon();
      assert.deepEqual([await writing(), await following()], [["shop-2"], ["shop-1", "shop-3"]]);
      assert.deepEqual(await client.query("SELECT id FROM written"), [{ id: 1 }]);
    });
  });

  describe("whose daemon ended in the middle of a failover", () => {
    it("is brought to its end by the next one, with every row", async () => {
      const writers = new Writers(client);
      await writers.during(2, async () => {
        await eventually("some are written", () => writers.acknowledged.size > 20);
        await fleetOf(rds.cloud).servers.retire(serverOf(cluster, second()));
      });
      setWriter(rds.cloud, cluster, first());
      await rds.restartDaemon();
      assert.deepEqual(await writers.lost(), []);
      assert.deepEqual([await writing(), await following()], [["shop-1"], ["shop-2", "shop-3"]]);
      await fleetOf(rds.cloud).failOver(cluster, second());
      await client.query("DELETE FROM written WHERE id <> 1");
    });
  });

  describe("that is scaled", () => {
    it("gets a reader of the writer's class in the zone with the fewest instances, which is promoted last", async () => {
      const reader = await addReader(rds.cloud, cluster);
      assert.match(reader.id, /^application-autoscaling-[0-9a-f-]{36}$/);
      const { availabilityZone, instanceClass, promotionTier, writer } = await rds.now(reader);
      assert.deepEqual(
        { availabilityZone, instanceClass, promotionTier, writer },
        { availabilityZone: "eu-central-1b", instanceClass: "db.serverless", promotionTier: 15, writer: false },
      );
      assert.deepEqual(await following(), [reader.id, "shop-1", "shop-3"]);
      assert.equal((await readingAt()).size, 3);
    });

    it("loses readers that were added in this way only", async () => {
      assert.match((await removeReader(rds.cloud, cluster)) ?? "", /^application-autoscaling-/);
      assert.equal(await removeReader(rds.cloud, cluster), undefined);
      assert.deepEqual(
        readersOf(rds.cloud, cluster).map(({ id }) => id),
        ["shop-1", "shop-3"],
      );
      assert.deepEqual(await following(), ["shop-1", "shop-3"]);
    });
  });

  describe("whose instances are deleted", () => {
    it("keeps its writer when a reader goes", async () => {
      await rds.delete(first());
      instances = [second(), third()];
      assert.deepEqual([await writing(), await following()], [["shop-2"], ["shop-3"]]);
    });

    it("has a reader write when the writer goes", async () => {
      await rds.delete(first());
      instances = [second()];
      assert.deepEqual([await writing(), await following()], [["shop-3"], []]);
      await client.query("INSERT INTO written VALUES (2)");
      assert.equal((await readingAt()).size, 1);
    });

    it("keeps its data when the last one goes, and is served by the next", async () => {
      await rds.delete(first());
      assert.deepEqual([rds.cloud.processes.list(), rds.cloud.addresses.entries()], [[], []]);
      instances = [await rds.make(type.instance, { ...INSTANCE, identifier: "shop-4" }, "four")];
      assert.deepEqual(await client.query("SELECT id FROM written ORDER BY id"), [{ id: 1 }, { id: 2 }]);
    });
  });
});

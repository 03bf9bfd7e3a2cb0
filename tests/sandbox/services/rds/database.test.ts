import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type pg from "pg";
import type { Resource } from "../../../../sandbox/src/core/definition.ts";
import { type Props, text } from "../../../../sandbox/src/core/values.ts";
import { dataRoot } from "../../../../sandbox/src/plane/postgres-binaries.ts";
import { rotateMasterPassword } from "../../../../sandbox/src/services/rds/index.ts";
import { eventually } from "../../plane/support.ts";
import { REGION } from "../../support/cloud.ts";
import { refused } from "../../support/refused.ts";
import { DatabaseClient } from "./database-client.ts";
import { CLUSTER, INSTANCE, RdsFixture, type } from "./support.ts";

/** The tests of this file follow one database through its life; each begins where the one before ended. */
describe("a database of the sandbox", function () {
  this.timeout(60_000);
  let rds: RdsFixture;
  let cluster: Resource;
  let instance: Resource;
  const settings: Props = {
    ...CLUSTER,
    dbClusterParameterGroupName: "cluster",
    deletionProtection: true,
    enabledCloudwatchLogsExports: ["postgresql"],
    iamDatabaseAuthenticationEnabled: true,
    skipFinalSnapshot: false,
    finalSnapshotIdentifier: "shop-final",
  };

  before(async () => {
    rds = new RdsFixture();
    await rds.cloud.trust.prepare();
    await rds.subnetGroup();
    await rds.make(
      type.clusterParameters,
      {
        name: "cluster",
        family: "aurora-postgresql17",
        parameters: [
          { name: "rds.force_ssl", value: "1" },
          { name: "work_mem", value: "5000" },
          { name: "statement_timeout", value: "20000" },
        ],
      },
      "cluster-parameters",
    );
    await rds.make(
      type.parameters,
      { name: "instance", family: "aurora-postgresql17", parameters: [{ name: "work_mem", value: "6000" }] },
      "parameters",
    );
    cluster = await rds.make(type.cluster, settings, "shop");
    instance = await rds.make(type.instance, { ...INSTANCE, dbParameterGroupName: "instance" }, "instance");
  });
  after(() => rds.end());

  const passwordOf = (row: Resource): Promise<string> => new DatabaseClient(rds, row).password();
  const query = (sql: string, row = cluster, changes: pg.ClientConfig = {}): Promise<Record<string, unknown>[]> =>
    new DatabaseClient(rds, row).query(sql, undefined, changes);
  const addresses = (): string[] => rds.cloud.addresses.entries().map(([name]) => name);
  const processes = (): string[] => rds.cloud.processes.list().map(({ name }) => name);
  const account = process.getuid?.() === 0 ? { uid: 65_534 } : {};
  const folders = (): string[] => readdirSync(join(dataRoot(rds.cloud.home, account), "clusters"));

  describe("with its first instance", () => {
    it("answers at its endpoints, and knows who writes", async () => {
      const { endpoint, readerEndpoint, clusterMembers } = await rds.now(cluster);
      const own = await rds.now(instance);
      assert.deepEqual(clusterMembers, ["shop-1"]);
      assert.equal(own["writer"], true);
      assert.match(own["endpoint"] as string, /^shop-1\.c[0-9a-z]{11}\.eu-central-1\.rds\.amazonaws\.com$/);
      assert.equal(own["availabilityZone"], "eu-central-1a");
      const locals = [endpoint, readerEndpoint, own["endpoint"]].map((name) =>
        rds.cloud.addresses.resolve(`${name as string}:5432`),
      );
      assert.equal(new Set(locals.map((local) => local?.port)).size, 3);
      const dialled = [endpoint, readerEndpoint, own["endpoint"]].map((name) =>
        new DatabaseClient(rds, cluster).query("SELECT pg_postmaster_start_time() AS at", name as string),
      );
      const [first, ...others] = await Promise.all(dialled);
      assert.deepEqual(others, [first, first]);
      assert.deepEqual(await query("SELECT current_database() AS db, current_user AS who"), [{ db: "shop", who: "platform" }]);
    });

    it("lets nobody in without TLS or with another password", async () => {
      await assert.rejects(query("SELECT 1", cluster, { ssl: false }), /no encryption/);
      await assert.rejects(query("SELECT 1", cluster, { password: "guess" }), /password authentication failed/);
    });

    it("has the cluster's parameters, and over them the instance's", async () => {
      assert.deepEqual(await query("SHOW statement_timeout"), [{ statement_timeout: "20s" }]);
      assert.deepEqual(await query("SHOW work_mem"), [{ work_mem: "6000kB" }]);
    });

    it("remembers that IAM may sign users in", async () => {
      assert.equal((await rds.now(cluster))["iamDatabaseAuthenticationEnabled"], true);
    });

    it("says which PostgreSQL runs here for the version that was asked for", () => {
      assert.deepEqual(rds.cloud.notes, ["shop-1: PostgreSQL 18.4 runs here for Aurora PostgreSQL 17.4"]);
    });

    it("sends its log where the cluster exports it to, as a stream of the instance", async () => {
      await assert.rejects(query("SELECT nonsense"), /column "nonsense" does not exist/);
      await eventually("the line has arrived", () =>
        rds.cloud.logs.some(({ line }) => line.includes('column "nonsense" does not exist')),
      );
      const to = new Set(rds.cloud.logs.map(({ group, stream }) => `${group} ${stream}`));
      assert.deepEqual([...to], ["/aws/rds/cluster/shop/postgresql shop-1.0"]);
    });
  });

  describe("keeps running", () => {
    it("while a parameter group changes: what can be is applied at once, what waits for a restart is told", async () => {
      const group = rds.cloud.world.get(type.parameters, "instance");
      assert.ok(group);
      const pid = rds.cloud.processes.list()[0]?.pid;
      const parameters = [
        { name: "work_mem", value: "7000", applyMethod: "immediate" },
        { name: "max_connections", value: "60", applyMethod: "pending-reboot" },
      ];
      await rds.stack.update(group, "parameters", { ...group.inputs, parameters });
      await eventually("the new value holds", async () => (await query("SHOW work_mem"))[0]?.["work_mem"] === "7000kB");
      assert.deepEqual(await query("SHOW max_connections"), [{ max_connections: "100" }]);
      assert.equal(
        rds.cloud.notes.at(-1),
        "shop-1: PostgreSQL 18.4 runs here for Aurora PostgreSQL 17.4; pending reboot: max_connections",
      );
      assert.equal(rds.cloud.processes.list()[0]?.pid, pid);
    });

    it("while its password is rotated: the secret has the new one, and the old one is refused", async () => {
      const old = await passwordOf(cluster);
      await rotateMasterPassword(rds.cloud, cluster);
      assert.notEqual(await passwordOf(cluster), old);
      assert.deepEqual(await query("SELECT 1 AS one"), [{ one: 1 }]);
      await assert.rejects(query("SELECT 1", cluster, { password: old }), /password authentication failed/);
    });

    it("again when it is killed under writes, at the same endpoint, with every row that it acknowledged", async () => {
      await query("CREATE TABLE orders (id int PRIMARY KEY)");
      const local = rds.cloud.addresses.resolve(`${text(cluster.outputs, "endpoint")}:5432`);
      const acknowledged: number[] = [];
      const enough = new AbortController();
      const writing = (async () => {
        for (let id = 0; !enough.signal.aborted; id++) {
          // A program that tries again: each order may be written twice, and none may be lost.
          const written = await query(`INSERT INTO orders VALUES (${String(id)}) ON CONFLICT DO NOTHING`).catch(() => undefined);
          if (written === undefined) id--;
          else acknowledged.push(id);
        }
      })();
      await eventually("some are written", () => acknowledged.length > 20);
      rds.cloud.processes.kill(processes()[0] ?? "");
      const before = acknowledged.length;
      await eventually("more are written", () => acknowledged.length > before + 20, 30_000);
      enough.abort();
      await writing;
      const [row] = await query("SELECT count(*)::int AS count FROM orders");
      assert.equal(row?.["count"], acknowledged.length);
      assert.deepEqual(rds.cloud.addresses.resolve(`${text(cluster.outputs, "endpoint")}:5432`), local);
      assert.match(rds.cloud.notes.at(-1) ?? "", /^postgres-shop-1-[0-9a-f]{6} ended by SIGKILL; starting it again in 100 ms$/);
    });
  });

  describe("with another instance", () => {
    it("goes over to a replacement that stands beside it first, which follows it and takes its place with all data", async () => {
      await refused(rds.make(type.instance, INSTANCE, "instance"), "DBInstanceAlreadyExists", "DB instance already exists");
      const [count] = await query("SELECT count(*)::int AS count FROM orders");
      const next = await rds.make(type.instance, { ...INSTANCE, identifier: "shop-2" }, "instance");
      assert.deepEqual([(await rds.now(instance))["writer"], (await rds.now(next))["writer"]], [true, false]);
      assert.deepEqual((await rds.now(cluster))["clusterMembers"], ["shop-1", "shop-2"]);
      await rds.delete(instance);
      instance = next;
      assert.equal((await rds.now(instance))["writer"], true);
      assert.deepEqual(await query("SELECT count(*)::int AS count FROM orders"), [count]);
      // The new writer has no parameter group of its own.
      assert.deepEqual(await query("SHOW work_mem"), [{ work_mem: "5000kB" }]);
      assert.deepEqual(
        addresses().map((address) => address.replace(/\.c.*/, "")),
        ["shop-2", "shop", "shop"],
      );
    });

    it("keeps its data while it has none at all", async () => {
      const [before] = await query("SELECT count(*)::int AS count FROM orders");
      const local = rds.cloud.addresses.resolve(`${text(cluster.outputs, "endpoint")}:5432`);
      await rds.delete(instance);
      assert.deepEqual([processes(), addresses()], [[], []]);
      instance = await rds.make(type.instance, { ...INSTANCE, identifier: "shop-3" }, "instance");
      assert.deepEqual(await query("SELECT count(*)::int AS count FROM orders"), [before]);
      assert.deepEqual(rds.cloud.addresses.resolve(`${text(cluster.outputs, "endpoint")}:5432`), local);
    });
  });

  describe("after the daemon was stopped", () => {
    it("is started again by the next one, at the same endpoint with the same data and password", async () => {
      const [count] = await query("SELECT count(*)::int AS count FROM orders");
      const [password, before] = [await passwordOf(cluster), rds.cloud.addresses.entries()];
      await rds.restartDaemon();
      assert.deepEqual(await query("SELECT count(*)::int AS count FROM orders"), [count]);
      assert.deepEqual([await passwordOf(cluster), rds.cloud.addresses.entries()], [password, before]);
      assert.equal(processes().length, 1);
    });
  });

  describe("is copied", () => {
    let snapshot: Resource;

    it("into a snapshot of its moment, from which another cluster is made", async () => {
      await query("CREATE TABLE versions AS SELECT 'before' AS version");
      snapshot = await rds.make(type.snapshot, { dbClusterIdentifier: "shop", dbClusterSnapshotIdentifier: "before" });
      assert.equal(snapshot.outputs["dbClusterSnapshotArn"], "arn:aws:rds:eu-central-1:123456789012:cluster-snapshot:before");
      await query("UPDATE versions SET version = 'after'");
      const copy = await rds.make(type.cluster, {
        ...CLUSTER,
        clusterIdentifier: "copy",
        snapshotIdentifier: "before",
        masterUsername: undefined,
        databaseName: undefined,
      });
      // What it was made from need not stay.
      await rds.delete(snapshot);
      const own = await rds.make(type.instance, { ...INSTANCE, clusterIdentifier: "copy", identifier: "copy-1" });
      assert.deepEqual(await query("SELECT version FROM versions", copy), [{ version: "before" }]);
      assert.deepEqual(await query("SELECT version FROM versions"), [{ version: "after" }]);
      assert.notEqual(await passwordOf(copy), await passwordOf(cluster));
      await rds.delete(own);
      await rds.delete(copy);
    });

    it("as it was at a moment, before something went wrong", async () => {
      const [moment] = await query("SELECT date_trunc('milliseconds', clock_timestamp()) + interval '1 ms' AS at");
      await query("SELECT pg_sleep(0.01)");
      await query("DELETE FROM orders");
      const [kept] = await query("SELECT count(*)::int AS count FROM orders");
      assert.deepEqual(kept, { count: 0 });
      const restoreToPointInTime = { sourceClusterIdentifier: "shop", restoreToTime: (moment?.["at"] as Date).toISOString() };
      const copy = await rds.make(type.cluster, { ...CLUSTER, clusterIdentifier: "past", restoreToPointInTime });
      const own = await rds.make(type.instance, { ...INSTANCE, clusterIdentifier: "past", identifier: "past-1" });
      const [row] = await query("SELECT count(*)::int AS count FROM orders", copy);
      assert.ok((row?.["count"] as number) > 40);
      await rds.delete(own);
      await rds.delete(copy);
    });

    for (const [what, restoreToPointInTime, code, message] of [
      [
        "to a moment before its first backup",
        { restoreToTime: "2020-01-01T00:00:00Z" },
        "InvalidRestoreFault",
        /^The specified time 2020-01-01T00:00:00Z is not within the restorable period, \S+Z to \S+Z\.$/,
      ],
      [
        "to a moment that has not come",
        { restoreToTime: "2120-01-01T00:00:00Z" },
        "InvalidRestoreFault",
        /not within the restorable period/,
      ],
      [
        "to what is no moment",
        { restoreToTime: "yesterday" },
        "InvalidParameterValue",
        /^"restoreToTime" must be in RFC3339 time format "2006-01-02T15:04:05Z"\. Example: \S+; got yesterday$/,
      ],
    ] as readonly [string, Props, string, RegExp][]) {
      it(`but not ${what}`, async () => {
        const copy = rds.make(type.cluster, {
          ...CLUSTER,
          clusterIdentifier: "past",
          restoreToPointInTime: { sourceClusterIdentifier: "shop", ...restoreToPointInTime },
        });
        await refused(copy, code, message);
      });
    }
  });

  describe("in the end", () => {
    it("is deleted neither with an instance nor while it is protected", async () => {
      await refused(
        rds.delete(cluster),
        "InvalidDBClusterStateFault",
        "Cluster cannot be deleted, it still contains DB instances in non-deleting state.",
      );
      await rds.delete(instance);
      await refused(
        rds.delete(cluster),
        "InvalidParameterCombination",
        "Cannot delete protected Cluster, please disable deletion protection and try again.",
      );
    });

    it("leaves a final snapshot alone, from which it can be made again", async () => {
      await rds.stack.update(cluster, "shop", { ...settings, deletionProtection: false });
      await rds.delete(cluster);
      assert.deepEqual([processes(), addresses(), folders(), rds.cloud.world.all(type.secret)], [[], [], [], []]);
      assert.deepEqual(
        rds.cloud.world
          .space<number>("ports")
          .entries()
          .map(([key]) => key),
        [],
      );
      cluster = await rds.make(type.cluster, { ...CLUSTER, snapshotIdentifier: "shop-final" }, "shop");
      instance = await rds.make(type.instance, INSTANCE, "instance");
      assert.deepEqual(await query("SELECT version FROM versions"), [{ version: "after" }]);
      const snapshot = rds.cloud.world.get(type.snapshot, "shop-final", REGION);
      assert.equal(snapshot?.phase, "ready");
      await rds.delete(snapshot);
      assert.ok(!existsSync(join(dataRoot(rds.cloud.home, account), "snapshots", `${REGION}-shop-final`)));
    });
  });
});

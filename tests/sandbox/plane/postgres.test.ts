import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { dataRoot } from "../../../sandbox/src/plane/postgres-binaries.ts";
import { identify } from "../../../sandbox/src/plane/process-identity.ts";
import { type PostgresSpec, PostgresServers, processName } from "../../../sandbox/src/plane/postgres.ts";
import type { TestCloud } from "../support/cloud.ts";
import { eventually, liveCloud, runs } from "./support.ts";

const HOST = "shop.cluster-abc123def456.eu-central-1.rds.amazonaws.com";
const account = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};

/** The tests of this file follow one server through its life; some leave rows that a later one looks for. */
describe("PostgresServers", function () {
  this.timeout(60_000);
  let cloud: TestCloud;
  let servers: PostgresServers;
  let spec: PostgresSpec;
  const lines: string[] = [];

  before(async () => {
    cloud = await liveCloud();
    servers = new PostgresServers(cloud);
    spec = {
      id: "cluster-one",
      port: await cloud.ports.of("one"),
      names: [HOST],
      parameters: { log_min_duration_statement: "50", "rds.force_ssl": "1" },
      masterUsername: "shop_admin",
      masterPassword: "a-Password-with-'quotes'",
      databaseName: "shop",
      onLine: (line) => lines.push(line),
    };
    await servers.run(spec);
  });
  after(() => cloud.end());

  /** Opens a connection as a client that checks the certificate against the name it dialled. */
  async function connect(changes: pg.ClientConfig = {}): Promise<pg.Client> {
    const client = new pg.Client({
      host: "127.0.0.1",
      port: spec.port,
      user: spec.masterUsername,
      password: spec.masterPassword,
      database: "shop",
      ssl: { ca: readFileSync(cloud.trust.caFile(), "utf8"), servername: HOST },
      ...changes,
    });
    client.on("error", () => undefined);
    await client.connect();
    return client;
  }

  async function query(sql: string, changes: pg.ClientConfig = {}): Promise<Record<string, unknown>[]> {
    const client = await connect(changes);
    try {
      return (await client.query<Record<string, unknown>>(sql)).rows;
    } finally {
      await client.end();
    }
  }

  const pid = (): number | undefined => cloud.processes.list().find(({ name }) => name === processName(spec))?.pid;
  const root = (): string => dataRoot(cloud.home, account);
  const folder = (...parts: string[]): string => join(root(), "clusters", spec.id, ...parts);

  describe("lets in", () => {
    it("the master over TLS, with the endpoint's name on the certificate", async () => {
      assert.deepEqual(await query("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"), [{ ssl: true }]);
    });

    it("nobody who dialled another name and checks it", async () => {
      const ssl = { ca: readFileSync(cloud.trust.caFile(), "utf8"), servername: "other.rds.amazonaws.com" };
      await assert.rejects(query("SELECT 1", { ssl }), { code: "ERR_TLS_CERT_ALTNAME_INVALID" });
    });

    it("nobody who trusts public authorities only", async () => {
      await assert.rejects(query("SELECT 1", { ssl: { servername: HOST } }), { code: "UNABLE_TO_VERIFY_LEAF_SIGNATURE" });
    });

    it("nobody without TLS", async () => {
      await assert.rejects(query("SELECT 1", { ssl: false }), /no pg_hba.conf entry .* no encryption/);
    });

    it("nobody with a wrong password", async () => {
      await assert.rejects(query("SELECT 1", { password: "guess" }), /password authentication failed for user "shop_admin"/);
    });
  });

  describe("on this machine", () => {
    it("keeps the passwords out of its log, its files' sight and everybody's list of processes", () => {
      assert.deepEqual(
        lines.filter((line) => line.includes("a-Password")),
        [],
      );
      for (const file of ["data", "archive"]) assert.equal(statSync(folder(file)).mode & 0o777, 0o700, file);
      for (const file of ["postgresql.conf", "pg_hba.conf", "server.key"])
        assert.equal(statSync(folder("data", file)).mode & 0o777, 0o600, file);
      assert.equal(statSync(join(cloud.home, "trust", "rdsadmin.password")).mode & 0o777, 0o600);
      assert.match(identify(pid() ?? 0)?.commandLine ?? "", new RegExp(`^\\S+/bin/postgres -D ${folder("data")}$`));
    });
  });

  describe("gives the master", () => {
    it("what rds_superuser has, and not the machine", async () => {
      const [role] = await query("SELECT rolsuper, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = current_user");
      assert.deepEqual(role, { rolsuper: false, rolcreaterole: true, rolcreatedb: true });
      await assert.rejects(query("SELECT pg_read_file('/etc/passwd')"), /permission denied/);
      await assert.rejects(query("COPY (SELECT 1) TO PROGRAM 'id'"), /permission denied to COPY to or from an external program/);
    });

    it("the extensions of Aurora, and none that reach the machine", async () => {
      await query("CREATE EXTENSION pg_stat_statements; CREATE EXTENSION pg_trgm");
      await query("SELECT 4711 AS marked");
      const seen = await query("SELECT query FROM pg_stat_statements WHERE query LIKE '%AS marked'");
      assert.deepEqual(seen, [{ query: "SELECT $1 AS marked" }]);
      await assert.rejects(query("CREATE EXTENSION file_fdw"), /permission denied to create extension "file_fdw"/);
    });

    it("roles of its own to give out", async () => {
      await query("CREATE ROLE reader LOGIN PASSWORD 'reader-Password'; GRANT rds_iam TO reader");
      const [row] = await query("SELECT current_user", { user: "reader", password: "reader-Password" });
      assert.deepEqual(row, { current_user: "reader" });
    });
  });

  describe("while it runs", () => {
    it("writes every change to the disk before it answers, and logs slow statements", async () => {
      assert.deepEqual(await query("SHOW fsync"), [{ fsync: "on" }]);
      assert.deepEqual(await query("SHOW synchronous_commit"), [{ synchronous_commit: "on" }]);
      await query("SELECT pg_sleep(0.06)");
      await eventually("the slow statement is logged", () => lines.some((line) => /duration: .*pg_sleep/.test(line)));
    });
  });

  describe("when it is run again", () => {
    it("changes nothing where nothing is new, and takes over a new password", async () => {
      const before = pid();
      await servers.run(spec);
      const old = spec.masterPassword;
      spec = { ...spec, masterPassword: "another-Password" };
      await servers.run(spec);
      assert.deepEqual(await query("SELECT 1 AS one"), [{ one: 1 }]);
      await assert.rejects(query("SELECT 1", { password: old }), /password authentication failed/);
      assert.equal(pid(), before);
    });

    it("takes over parameters while it runs, and says which wait for a restart and which have no effect here", async () => {
      const before = pid();
      spec = {
        ...spec,
        parameters: {
          "rds.force_ssl": "0",
          max_connections: "50",
          shared_preload_libraries: "pg_stat_statements,pg_cron",
          session_preload_libraries: "nothing_of_ours",
          shared_buffers: "{DBInstanceClassMemory/32768}",
          work_mem: "5000",
          "app.motto": "it's 100 %\nours",
        },
      };
      assert.deepEqual(await servers.run(spec), {
        unapplied: ["shared_buffers", "the library pg_cron", "the library nothing_of_ours"],
        pendingReboot: ["max_connections"],
      });
      const shown = "SELECT current_setting('work_mem') AS mem, current_setting('app.motto') AS motto";
      await eventually("the files have been read again", async () => (await query(shown))[0]?.["mem"] === "5000kB");
      assert.deepEqual(await query(shown), [{ mem: "5000kB", motto: "it's 100 %\nours" }]);
      assert.deepEqual(await query("SELECT 1 AS one", { ssl: false }), [{ one: 1 }]);
      assert.equal(pid(), before);
    });

    it("is administered whatever the parameters say about sessions", async () => {
      const parameters = { default_transaction_read_only: "on", statement_timeout: "1", "rds.force_ssl": "1" };
      spec = { ...spec, parameters, masterPassword: "a-third-Password" };
      await servers.run(spec);
      await eventually("the files have been read again", async () => {
        const [row] = await query("SHOW default_transaction_read_only", { options: "-c statement_timeout=0" });
        return row?.["default_transaction_read_only"] === "on";
      });
      spec = { ...spec, masterPassword: "a-fourth-Password", databaseName: "more" };
      await servers.run(spec);
      const patient = { database: "more", options: "-c statement_timeout=0" };
      assert.deepEqual(await query("SELECT 1 AS one", patient), [{ one: 1 }]);
      spec = { ...spec, parameters: {}, databaseName: "shop" };
      await servers.run(spec);
      await eventually("it is as before", async () => {
        const [row] = await query("SHOW default_transaction_read_only", { options: "-c statement_timeout=0" });
        return row?.["default_transaction_read_only"] === "off";
      });
    });

    it("starts where a lock names a number that some other program has by now", async () => {
      const before = pid();
      await servers.stop(spec);
      assert.ok(!runs(before));
      const other = spawn("sleep", ["60"]);
      await once(other, "spawn");
      const lock = folder("data", "postmaster.pid");
      writeFileSync(lock, `${String(other.pid)}\n${folder("data")}\n`);
      await servers.run(spec);
      assert.deepEqual(await query("SELECT 1 AS one"), [{ one: 1 }]);
      assert.ok(runs(other.pid));
      other.kill("SIGKILL");
    });

    it("has been stopped cleanly, with all of its log in the archive", () => {
      const end = lines.findLastIndex((line) => line.includes("database system is shut down"));
      assert.ok(lines.slice(end).some((line) => line.includes("database system was shut down at")));
      assert.deepEqual(
        lines.filter((line) => /not properly shut down|PANIC|FATAL: {2}(?!password|no pg_hba)/.test(line)),
        [],
      );
    });
  });

  describe("when something went wrong", () => {
    it("loses no acknowledged row when it is killed under writes, and is back by itself", async () => {
      await query("CREATE TABLE written (id int PRIMARY KEY)");
      const client = await connect();
      const acknowledged: number[] = [];
      const writing = (async () => {
        for (let id = 0; ; id++) {
          await client.query("INSERT INTO written VALUES ($1)", [id]);
          acknowledged.push(id);
        }
      })().catch(() => undefined);
      await eventually("a hundred rows are written", () => acknowledged.length > 100);
      cloud.processes.kill(processName(spec));
      await writing;
      await eventually("the server is back", () =>
        query("SELECT 1").then(
          () => true,
          () => false,
        ),
      );
      const kept = new Set((await query("SELECT id FROM written")).map(({ id }) => id));
      assert.deepEqual(
        acknowledged.filter((id) => !kept.has(id)),
        [],
      );
      assert.ok(
        lines.some((line) => line.includes("database system was not properly shut down; automatic recovery in progress")),
      );
    });

    it("brings deleted rows back by a restore to the moment before", async () => {
      await query("CREATE TABLE orders AS SELECT id FROM generate_series(1, 500) AS id");
      const [moment] = await query("SELECT clock_timestamp() AS now");
      // The moment is known to a millisecond, the commits to a microsecond.
      await query("SELECT pg_sleep(0.01)");
      await query("DELETE FROM orders");
      const until = moment?.["now"] as Date;
      until.setMilliseconds(until.getMilliseconds() + 1);
      const port = await cloud.ports.of("two");
      const restored = { ...spec, id: "cluster-two", port, origin: { source: spec.id, until } };
      await servers.run(restored);
      assert.deepEqual(await query("SELECT count(*)::int AS count FROM orders", { port }), [{ count: 500 }]);
      assert.deepEqual(await query("SELECT count(*)::int AS count FROM orders"), [{ count: 0 }]);
      await query("INSERT INTO orders VALUES (501)", { port });
      await servers.remove("cluster-two");
      assert.ok(!existsSync(join(root(), "clusters", "cluster-two")));
    });

    it("keeps a snapshot of a running server as of its moment, and makes another server from it", async () => {
      await query("CREATE TABLE versions AS SELECT 'before' AS version");
      await servers.snapshot(spec.id, spec.port, "one-moment");
      await query("UPDATE versions SET version = 'after'");
      assert.ok(servers.hasSnapshot("one-moment"));
      const port = await cloud.ports.of("three");
      await servers.run({ ...spec, id: "cluster-three", port, origin: { snapshot: "one-moment" } });
      assert.deepEqual(await query("SELECT version FROM versions", { port }), [{ version: "before" }]);
      await servers.remove("cluster-three");
      assert.ok(servers.hasSnapshot("one-moment"));
      await servers.removeSnapshot("one-moment");
      assert.ok(!servers.hasSnapshot("one-moment"));
    });
  });

  describe("refuses to restore", () => {
    it("to a moment before its first backup", async () => {
      const since = servers.earliestRestorable(spec.id)?.toISOString() ?? "";
      const early = { ...spec, id: "cluster-four", origin: { source: spec.id, until: new Date(0) } };
      await assert.rejects(servers.run(early), {
        code: "InvalidRestoreFault",
        message: `Cannot restore cluster-one to 1970-01-01T00:00:00.000Z: it can be restored from ${since} on.`,
      });
    });

    it("what has no backup at all", async () => {
      await assert.rejects(servers.run({ ...spec, id: "cluster-four", origin: { source: "nothing", until: new Date(1) } }), {
        code: "InvalidRestoreFault",
        message: "Cannot restore nothing to 1970-01-01T00:00:00.001Z: it can be restored from a backup has been taken on.",
      });
    });

    it("from a server that does not run", async () => {
      await servers.stop(spec);
      await assert.rejects(servers.run({ ...spec, id: "cluster-four", origin: { source: spec.id } }), {
        code: "InvalidDBClusterStateFault",
        message:
          "Cannot restore cluster-one to a moment: its log ends with its server, which the sandbox runs while the cluster has an instance. Add one first.",
      });
      assert.ok(!existsSync(join(root(), "clusters", "cluster-four", "data")));
      await servers.run(spec);
    });
  });

  describe("in the end", () => {
    it("keeps a final snapshot, from which another server can be made", async () => {
      await query("CREATE TABLE kept AS SELECT 42 AS answer");
      await servers.remove(spec.id, "last-words");
      assert.deepEqual(cloud.processes.list(), []);
      assert.deepEqual(readdirSync(join(root(), "clusters")), []);
      const again = { ...spec, id: "cluster-five", origin: { snapshot: "last-words" } };
      await servers.run(again);
      assert.deepEqual(await query("SELECT answer FROM kept"), [{ answer: 42 }]);
      await servers.remove("cluster-five");
      await servers.removeSnapshot("last-words");
      assert.deepEqual(readdirSync(join(root(), "snapshots")), []);
    });
  });
});

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import pg from "pg";
import { type PostgresSpec, PostgresServers, processName } from "../../../sandbox/src/plane/postgres.ts";
import type { TestCloud } from "../support/cloud.ts";
import { eventually, liveCloud } from "./support.ts";

const HOST = "shop.cluster-abc123def456.eu-central-1.rds.amazonaws.com";

describe("PostgresServers", function () {
  this.timeout(60_000);
  let cloud: TestCloud;
  let servers: PostgresServers;
  let spec: PostgresSpec;

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
      onLine: (line) => {
        lines.push(line);
      },
    };
    await servers.run(spec);
  });
  after(() => cloud.end());
  const lines: string[] = [];

  /** Opens a connection as a client that checks the certificate against the name it dialled. */
  async function connect(port = spec.port): Promise<pg.Client> {
    const ssl = { ca: readFileSync(cloud.trust.caFile(), "utf8"), servername: HOST };
    const client = new pg.Client({
      host: "127.0.0.1",
      port,
      user: spec.masterUsername,
      password: spec.masterPassword,
      database: "shop",
      ssl,
    });
    client.on("error", () => undefined);
    await client.connect();
    return client;
  }

  async function query(sql: string, port = spec.port): Promise<Record<string, unknown>[]> {
    const client = await connect(port);
    try {
      return (await client.query<Record<string, unknown>>(sql)).rows;
    } finally {
      await client.end();
    }
  }

  it("lets the master in over TLS with the endpoint's name on the certificate, and nobody without TLS", async () => {
    assert.deepEqual(await query("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"), [{ ssl: true }]);
    const plain = new pg.Client({
      host: "127.0.0.1",
      port: spec.port,
      user: spec.masterUsername,
      password: spec.masterPassword,
      database: "shop",
    });
    await assert.rejects(plain.connect(), /no pg_hba.conf entry .* no encryption/);
  });

  it("refuses a wrong password and keeps the right one out of its files", async () => {
    const wrong = new pg.Client({
      host: "127.0.0.1",
      port: spec.port,
      user: spec.masterUsername,
      password: "guess",
      database: "shop",
      ssl: { rejectUnauthorized: false },
    });
    await assert.rejects(wrong.connect(), /password authentication failed/);
    assert.ok(!lines.some((line) => line.includes("a-Password")));
  });

  it("gives the master what rds_superuser has, and not the machine", async () => {
    const [role] = await query("SELECT rolsuper, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = current_user");
    assert.deepEqual(role, { rolsuper: false, rolcreaterole: true, rolcreatedb: true });
    await query("CREATE EXTENSION IF NOT EXISTS pg_trgm");
    await assert.rejects(query("SELECT pg_read_file('/etc/passwd')"), /permission denied/);
  });

  it("writes every change to the disk before it answers, and logs slow statements", async () => {
    assert.deepEqual(await query("SHOW fsync"), [{ fsync: "on" }]);
    await query("SELECT pg_sleep(0.08)");
    await eventually("the slow statement is logged", () => lines.some((line) => /duration: .*pg_sleep/.test(line)));
  });

  it("changes nothing when it is asked for again, and takes over a new password", async () => {
    const before = cloud.processes.list().find(({ name }) => name === processName(spec.id))?.pid;
    await servers.run(spec);
    spec = { ...spec, masterPassword: "another-Password" };
    await servers.run(spec);
    assert.deepEqual(await query("SELECT 1 AS one"), [{ one: 1 }]);
    assert.equal(cloud.processes.list().find(({ name }) => name === processName(spec.id))?.pid, before);
  });

  it("loses no acknowledged row when it is killed under writes", async () => {
    await query("CREATE TABLE written (id int PRIMARY KEY)");
    const client = await connect();
    const acknowledged: number[] = [];
    const writing = (async () => {
      for (let id = 0; ; id++) {
        await client.query("INSERT INTO written VALUES ($1)", [id]);
        acknowledged.push(id);
      }
    })().catch(() => undefined);
    await eventually("a few hundred rows are written", () => acknowledged.length > 300);
    cloud.processes.kill(processName(spec.id));
    await writing;
    await eventually("the server is back", () =>
      query("SELECT 1").then(
        () => true,
        () => false,
      ),
    );
    const kept = new Set((await query("SELECT id FROM written")).map(({ id }) => id));
    assert.ok(acknowledged.length > 300);
    assert.deepEqual(
      acknowledged.filter((id) => !kept.has(id)),
      [],
    );
  });

  it("brings deleted rows back by a restore to the moment before", async () => {
    await query("CREATE TABLE orders AS SELECT id FROM generate_series(1, 500) AS id");
    await delay(20);
    const [moment] = await query("SELECT now() AS now");
    await delay(20);
    await query("DELETE FROM orders");
    const restored = {
      ...spec,
      id: "cluster-two",
      port: await cloud.ports.of("two"),
      origin: { source: spec.id, until: moment?.["now"] as Date },
    };
    await servers.run(restored);
    assert.deepEqual(await query("SELECT count(*)::int AS count FROM orders", restored.port), [{ count: 500 }]);
    assert.deepEqual(await query("SELECT count(*)::int AS count FROM orders"), [{ count: 0 }]);
    await query("INSERT INTO orders VALUES (501)", restored.port);
    await servers.remove("cluster-two");
  });

  it("refuses to restore to a moment before its first backup", async () => {
    const early = {
      ...spec,
      id: "cluster-three",
      port: await cloud.ports.of("three"),
      origin: { source: spec.id, until: new Date(0) },
    };
    await assert.rejects(servers.run(early), { code: "InvalidRestoreFault" });
  });

  it("keeps a final snapshot, from which another cluster can be made", async () => {
    await query("CREATE TABLE kept AS SELECT 42 AS answer");
    await servers.remove(spec.id, "last-words");
    assert.equal(cloud.processes.list().length, 0);
    const again = { ...spec, id: "cluster-four", origin: { snapshot: "last-words" } };
    await servers.run(again);
    assert.deepEqual(await query("SELECT answer FROM kept"), [{ answer: 42 }]);
    await servers.remove("cluster-four");
    servers.removeSnapshot("last-words");
    assert.ok(!existsSync(`${cloud.home}/postgres/snapshots/last-words`));
  });
});

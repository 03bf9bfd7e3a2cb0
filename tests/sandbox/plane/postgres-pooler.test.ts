import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createSecureContext, type SecureContext } from "node:tls";
import pg from "pg";
import { PostgresBackend } from "../../../sandbox/src/plane/postgres-backend.ts";
import { type Admission, LoginRefused } from "../../../sandbox/src/plane/postgres-login.ts";
import { PostgresPool } from "../../../sandbox/src/plane/postgres-pool.ts";
import { PostgresPooler } from "../../../sandbox/src/plane/postgres-pooler.ts";
import { type PostgresSpec, PostgresServers } from "../../../sandbox/src/plane/postgres.ts";
import type { TestCloud } from "../support/cloud.ts";
import { eventually, liveCloud } from "./support.ts";

const HOST = "shop.proxy-abc123def456.eu-central-1.rds.amazonaws.com";
const PASSWORD = "a-Password, with 100 % of it";

describe("PostgresPooler", function () {
  this.timeout(60_000);
  let cloud: TestCloud;
  let spec: PostgresSpec;
  let pool: PostgresPool;
  let pooler: PostgresPooler;
  let port: number;
  let targets: number[] = [];
  let limit = 2;
  let borrowTimeoutMs = 5000;
  let requireTls = true;
  const pins: string[] = [];
  const admissions: Record<string, Admission> = { shop_admin: { by: "password", password: PASSWORD } };

  before(async () => {
    cloud = await liveCloud();
    spec = {
      id: "pooled",
      port: await cloud.ports.of("server"),
      names: [HOST],
      parameters: {},
      masterUsername: "shop_admin",
      masterPassword: PASSWORD,
      databaseName: "shop",
    };
    await new PostgresServers(cloud).run(spec);
    targets = [spec.port];
    const { certFile, keyFile } = await cloud.trust.issue([HOST]);
    const context: SecureContext = createSecureContext({ cert: readFileSync(certFile), key: readFileSync(keyFile) });
    pool = new PostgresPool({
      targets: () => targets,
      limit: () => limit,
      idleLimit: () => limit,
      borrowTimeoutMs: () => borrowTimeoutMs,
      now: Date.now,
      open: ({ user, database, settings }, to) =>
        PostgresBackend.open({
          config: {
            host: "127.0.0.1",
            port: to,
            user,
            database,
            password: PASSWORD,
            ssl: { ca: readFileSync(cloud.trust.caFile(), "utf8") },
          },
          settings,
        }),
    });
    pooler = new PostgresPooler({
      gate: {
        requireTls: () => requireTls,
        tls: () => context,
        admit: (user) => {
          const admission = admissions[user];
          if (admission === undefined) throw new LoginRefused("28000", `nobody is called ${user}`);
          return admission;
        },
      },
      pool,
      idleClientMs: () => 60_000,
      now: Date.now,
      onPin: (reason) => pins.push(reason),
    });
    port = await cloud.ports.of("pooler");
    await pooler.listen(port);
  });
  after(async () => {
    await pooler.close();
    await cloud.end();
  });

  const open: pg.Client[] = [];
  afterEach(async () => {
    await Promise.all(open.splice(0).map((client) => client.end().catch(() => undefined)));
    await eventually("all have gone", () => pooler.clients === 0);
    limit = 2;
    borrowTimeoutMs = 5000;
    requireTls = true;
  });

  async function connect(changes: pg.ClientConfig = {}): Promise<pg.Client> {
    const client = new pg.Client({
      host: "127.0.0.1",
      port,
      user: "shop_admin",
      password: PASSWORD,
      database: "shop",
      ssl: { ca: readFileSync(cloud.trust.caFile(), "utf8"), servername: HOST },
      ...changes,
    });
    client.on("error", () => undefined);
    await client.connect();
    open.push(client);
    return client;
  }
  const pidOf = async (client: pg.Client): Promise<unknown> =>
    (await client.query<{ pid: number }>("SELECT pg_backend_pid() AS pid")).rows[0]?.pid;

  describe("lets in", () => {
    it("who has the password, over TLS", async () => {
      const client = await connect();
      assert.deepEqual((await client.query("SELECT $1::int AS one", [1])).rows, [{ one: 1 }]);
    });

    for (const [what, changes, code, message] of [
      [
        "with another password",
        { password: "guess" },
        "28P01",
        "The password that was provided for the role shop_admin is wrong.",
      ],
      ["without TLS", { ssl: false }, "28000", "This RDS Proxy requires TLS connections."],
      ["who is not known", { user: "nobody" }, "28000", "nobody is called nobody"],
      ["to a database that is not there", { database: "none" }, "3D000", 'database "none" does not exist'],
      [
        "with options",
        { options: "-c statement_timeout=1" },
        "0A000",
        "Feature not supported: RDS Proxy currently doesn't support the option options.",
      ],
    ] as readonly [string, pg.ClientConfig, string, string][]) {
      it(`nobody ${what}`, async () => {
        await assert.rejects(connect(changes), { code, message });
      });
    }

    it("who comes without TLS where that is not asked for", async () => {
      requireTls = false;
      assert.deepEqual((await (await connect({ ssl: false })).query("SELECT 1 AS one")).rows, [{ one: 1 }]);
    });

    it("who has a token, where tokens are asked for", async () => {
      admissions["shop_admin"] = { by: "token", isValid: (token) => token === "of-the-day" };
      try {
        await connect({ password: "of-the-day" });
        await assert.rejects(connect({ password: "of-yesterday" }), {
          code: "28P01",
          message: "The IAM authentication failed for the role shop_admin. Check the IAM token for this role and try again.",
        });
      } finally {
        admissions["shop_admin"] = { by: "password", password: PASSWORD };
      }
    });
  });

  describe("shares connections", () => {
    it("between transactions: many clients have few", async () => {
      limit = 1;
      const clients = await Promise.all(Array.from({ length: 5 }, () => connect()));
      const pids = await Promise.all(clients.map(pidOf));
      assert.equal(new Set(pids).size, 1);
      assert.deepEqual([pooler.clients, pool.size], [5, 1]);
    });

    it("but not inside of one", async () => {
      const [one, other] = [await connect(), await connect()];
      await one.query("BEGIN");
      const mine = await pidOf(one);
      assert.notEqual(await pidOf(other), mine);
      assert.equal(await pidOf(one), mine);
      await assert.rejects(one.query("SELECT nonsense"), /column "nonsense" does not exist/);
      await one.query("ROLLBACK");
    });

    it("of one kind only: what a client asked for when it connected holds for it alone", async () => {
      limit = 1;
      const [plain, patient] = [await connect(), await connect({ statement_timeout: 1234, application_name: "patient" })];
      const shown = "SELECT current_setting('statement_timeout') AS timeout, current_setting('application_name') AS name";
      for (let round = 0; round < 2; round++) {
        assert.deepEqual((await plain.query(shown)).rows, [{ timeout: "0", name: "" }]);
        assert.deepEqual((await patient.query(shown)).rows, [{ timeout: "1234ms", name: "patient" }]);
      }
    });

    it("as their number allows: who gets none in time is told", async () => {
      limit = 1;
      const [one, other] = [await connect(), await connect()];
      await one.query("BEGIN");
      borrowTimeoutMs = 200;
      await assert.rejects(other.query("SELECT 1"), {
        code: "53300",
        message: "Timed-out waiting to acquire database connection",
      });
      await one.query("COMMIT");
      assert.deepEqual((await one.query("SELECT 1 AS one")).rows, [{ one: 1 }]);
    });

    it("with prepared statements, which move with their session", async () => {
      limit = 2;
      const [one, two] = [await connect(), await connect()];
      const prepared = (id: number) => ({ name: "by-id", text: "SELECT $1::int + 1 AS next", values: [id] });
      assert.deepEqual((await one.query(prepared(1))).rows, [{ next: 2 }]);
      assert.deepEqual((await two.query({ ...prepared(1), text: "SELECT $1::int + 2 AS next" })).rows, [{ next: 3 }]);
      // The connection that it was prepared on is taken, so another one has to learn it.
      await two.query("BEGIN");
      await two.query("SELECT 1");
      assert.deepEqual((await one.query(prepared(5))).rows, [{ next: 6 }]);
      assert.deepEqual((await two.query({ ...prepared(5), text: "SELECT $1::int + 2 AS next" })).rows, [{ next: 7 }]);
      await two.query("COMMIT");
      await assert.rejects(one.query({ name: "wrong", text: "SELECT nonsense", values: [] }), /column "nonsense" does not exist/);
      assert.deepEqual((await one.query(prepared(7))).rows, [{ next: 8 }]);
      assert.deepEqual(pins, []);
    });

    it("with large results and many rows, unchanged", async () => {
      const { rows } = await (await connect()).query("SELECT i, repeat('x', 1000) AS filler FROM generate_series(1, 5000) AS i");
      assert.equal(rows.length, 5000);
      assert.ok(rows.every(({ i, filler }, at) => i === at + 1 && (filler as string).length === 1000));
    });
  });

  describe("keeps a connection for a session", () => {
    for (const [sql, reason] of [
      ["SET work_mem = '5MB'", "A SET statement was detected."],
      ["SELECT 1; set search_path to public", "A SET statement was detected."],
      ["CREATE TEMP TABLE mine (id int)", "A temporary table, view or sequence was detected."],
      ["LISTEN news", "A notification channel was detected."],
      ["SELECT pg_advisory_lock(1)", "A lock function was detected."],
      ["PREPARE p AS SELECT 1", "A prepared statement was detected."],
      [`SELECT '${"x".repeat(16 * 1024)}' AS long`, "The statement is longer than 16384 bytes."],
    ] as const) {
      it(`that runs ${sql.slice(0, 45)}`, async () => {
        pins.length = 0;
        const [one, other] = [await connect(), await connect()];
        await one.query(sql);
        const mine = await pidOf(one);
        assert.deepEqual(pins, [reason]);
        assert.equal(pooler.pinned, 1);
        assert.notEqual(await pidOf(other), mine);
        await one.end();
        await eventually("nobody gets it after that", () => pooler.pinned === 0);
        assert.notEqual(await pidOf(other), mine);
      });
    }

    it("but not for what looks like it: an UPDATE, a lock of a transaction", async () => {
      pins.length = 0;
      const client = await connect();
      await client.query("CREATE TABLE things (id int); UPDATE things SET id = 1; -- set\nSELECT pg_advisory_xact_lock(1)");
      assert.deepEqual([pins, pooler.pinned], [[], 0]);
    });
  });

  describe("counts", () => {
    it("queries, waits for a connection and those who came in", async () => {
      pooler.takeCounts();
      const client = await connect();
      await client.query("SELECT 1");
      await client.query("SELECT $1::int", [1]);
      const { queries, borrowMs, logins } = pooler.takeCounts();
      assert.deepEqual([queries, borrowMs.length, logins], [2, 2, 1]);
      assert.deepEqual(pooler.takeCounts(), { queries: 0, borrowMs: [], logins: 0 });
    });
  });

  describe("when the server is gone", () => {
    it("keeps clients that do nothing, and lets a query wait until there is one", async () => {
      const [idle, busy] = [await connect(), await connect()];
      await busy.query("BEGIN");
      const lost = once(busy, "error");
      targets = [];
      cloud.processes.kill("postgres-pooled");
      assert.equal(((await lost) as Error[])[0]?.message, "terminating connection due to unexpected postmaster exit");
      let isAnswered = false;
      const asked = idle.query("SELECT 1 AS one").finally(() => (isAnswered = true));
      await eventually("it is back", () => cloud.processes.stateOf("postgres-pooled") === "ready");
      assert.ok(!isAnswered);
      targets = [spec.port];
      assert.deepEqual((await asked).rows, [{ one: 1 }]);
    });

    it("tells a client whose own connection broke that it did, and goes on with the others", async () => {
      const [idle, busy] = [await connect(), await connect()];
      await busy.query("BEGIN");
      const lost = once(busy, "error");
      process.kill((await pidOf(busy)) as number, "SIGKILL");
      assert.equal(((await lost) as Error[])[0]?.message, "The connection to the database was lost.");
      assert.deepEqual((await idle.query("SELECT 1 AS one")).rows, [{ one: 1 }]);
    });
  });
});

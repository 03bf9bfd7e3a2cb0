import assert from "node:assert/strict";
import { Database } from "../../../../../apps/shop/src/platform/database/database.ts";
import { recordedLog, silentLog } from "../../support/logs.ts";
import { databaseAt, emptyDatabase, query } from "../../support/postgres.ts";
import { Wire } from "../../support/wire.ts";

describe("the database", () => {
  let url: string;
  before(async () => {
    url = await emptyDatabase();
    await query(url, "CREATE TABLE tally (id int PRIMARY KEY, n bigint NOT NULL)");
  });

  it("runs statements, with sums as numbers", async () => {
    const database = databaseAt(url);
    const { rows } = await database.query<{ sum: number }>({
      text: "SELECT sum(n)::bigint AS sum FROM generate_series(1, 4) AS n",
    });
    assert.deepEqual(rows, [{ sum: 10 }]);
    await assert.rejects(database.query({ text: "SELECT 9007199254740993::bigint AS n" }), {
      name: "RangeError",
      message: "9007199254740993 cannot be held exactly",
    });
    await database.close();
  });

  it("undoes a transaction whose work fails, and throws the work's error", async () => {
    const database = databaseAt(url);
    const failed = database.transaction(async (transaction) => {
      await transaction.query({ text: "INSERT INTO tally VALUES (1, 1)" });
      throw new Error("changed my mind");
    });
    await assert.rejects(failed, { message: "changed my mind" });
    assert.deepEqual((await database.query({ text: "SELECT FROM tally" })).rowCount, 0);
    await database.close();
  });

  it("does not run again what the server refused in order", async () => {
    const { log, lines } = recordedLog();
    const database = new Database(() => Promise.resolve({ connectionString: url }), { log, size: 2 });
    await assert.rejects(database.query({ text: "SELECT * FROM nowhere" }), { code: "42P01" });
    assert.deepEqual(lines(), []);
    assert.equal(database.state().total, 1);
    await database.close();
  });

  it("runs the one that had to give way in a deadlock again", async () => {
    const database = databaseAt(url);
    await query(url, "INSERT INTO tally VALUES (10, 0), (11, 0) ON CONFLICT DO NOTHING");
    const met = Promise.withResolvers<undefined>();
    let arrived = 0;
    let runs = 0;
    const both = (first: number, second: number): Promise<void> =>
      database.transaction(async (transaction) => {
        runs += 1;
        await transaction.query({ text: "UPDATE tally SET n = n + 1 WHERE id = $1", values: [first] });
        arrived += 1;
        if (arrived === 2) met.resolve(undefined);
        await met.promise;
        await transaction.query({ text: "UPDATE tally SET n = n + 1 WHERE id = $1", values: [second] });
      });
    await Promise.all([both(10, 11), both(11, 10)]);
    assert.equal(runs, 3);
    assert.deepEqual(await query(url, "SELECT n::int FROM tally WHERE id IN (10, 11)"), [{ n: 2 }, { n: 2 }]);
    await database.close();
  });

  it("survives idle connections that break", async () => {
    const wire = new Wire(url);
    const { log, lines } = recordedLog();
    const through = await wire.open();
    const database = new Database(() => Promise.resolve({ connectionString: through }), { log, size: 2 });
    await database.ping();
    wire.cut();
    while (database.state().total > 0) await new Promise(setImmediate);
    await database.ping();
    assert.deepEqual(
      lines().map(({ level, event }) => ({ level, event })),
      [{ level: "warn", event: "database-connection-lost" }],
    );
    await database.close();
    wire.close();
  });

  it("runs a statement again whose answer was lost on the way", async () => {
    const wire = new Wire(url);
    const database = databaseAt(await wire.open(), 1);
    await database.ping();
    let lost = 0;
    wire.passes = (data) => (data.includes("INSERT 0 1") ? ++lost > 1 : true);
    const statement = { text: "INSERT INTO tally VALUES (20, 1) ON CONFLICT (id) DO UPDATE SET n = tally.n + 1" };
    await database.query(statement);
    assert.equal(lost, 2);
    assert.deepEqual(await query(url, "SELECT n::int FROM tally WHERE id = 20"), [{ n: 2 }]);
    await database.close();
    wire.close();
  });

  it("runs a transaction again whose COMMIT was lost on the way, so that its work can find it done", async () => {
    const wire = new Wire(url);
    const database = databaseAt(await wire.open(), 1);
    await database.ping();
    let lost = false;
    wire.passes = (data) => {
      const first = data.includes("COMMIT") && !lost;
      if (first) lost = true;
      return !first;
    };
    const outcomes: string[] = [];
    await database.transaction(async (transaction) => {
      const { rowCount } = await transaction.query({ text: "INSERT INTO tally VALUES (30, 1) ON CONFLICT DO NOTHING" });
      outcomes.push(rowCount === 1 ? "done" : "was done");
    });
    assert.deepEqual(outcomes, ["done", "was done"]);
    assert.deepEqual(await query(url, "SELECT n::int FROM tally WHERE id = 30"), [{ n: 1 }]);
    await database.close();
    wire.close();
  });

  it("gives up on a server that stays away, with the last error", async () => {
    const wire = new Wire(url);
    const through = await wire.open();
    wire.close();
    const { log, lines } = recordedLog();
    const database = new Database(() => Promise.resolve({ connectionString: through }), { log, size: 1, patienceMs: 300 });
    await assert.rejects(database.query({ text: "SELECT 1" }), { code: "ECONNREFUSED" });
    assert.ok(lines().length >= 1);
    assert.ok(lines().every(({ event }) => event === "database-retry"));
    await database.close();
  });

  it("reads the secret again when the server refuses the password, and lets open connections be", async () => {
    const role = `rotating_${process.pid}`;
    await query(url, `CREATE ROLE ${role} LOGIN PASSWORD 'one'`);
    let [password, reads] = ["one", 0];
    const { log, lines } = recordedLog();
    const connection = new URL(url);
    connection.username = role;
    const database = new Database(
      () => {
        reads += 1;
        connection.password = password;
        return Promise.resolve({ connectionString: connection.href });
      },
      { log, size: 2 },
    );
    await database.ping();
    assert.equal(reads, 1);
    await query(url, `ALTER ROLE ${role} PASSWORD 'two'`);
    password = "two";
    await database.ping();
    assert.equal(reads, 1);
    await Promise.all([database.query({ text: "SELECT pg_sleep(0.01)" }), database.query({ text: "SELECT pg_sleep(0.01)" })]);
    assert.equal(reads, 2);
    assert.deepEqual(
      lines().map(({ event }) => event),
      ["database-password-refused"],
    );
    await database.close();
    await query(url, `DROP ROLE ${role}`);
  });

  it("reads the secret no oftener than every second while the password stays refused", async () => {
    let reads = 0;
    const connection = new URL(url);
    connection.password = "wrong";
    const database = new Database(() => Promise.resolve({ connectionString: connection.href, n: (reads += 1) }), {
      log: silentLog,
      size: 2,
    });
    for (let count = 0; count < 5; count += 1) await assert.rejects(database.ping(), { code: "28P01" });
    assert.equal(reads, 2);
    await database.close();
  });

  it("is closed for good", async () => {
    const database = databaseAt(url);
    await database.ping();
    await database.close();
    await assert.rejects(database.ping(), { message: "the database is closed" });
    assert.deepEqual(database.state(), { total: 0, idle: 0, waiting: 0 });
  });
});

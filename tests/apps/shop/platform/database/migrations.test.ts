import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import pg from "pg";
import type { Database } from "../../../../../apps/shop/src/platform/database/database.ts";
import {
  migrate,
  type Migration,
  type MigrationSource,
  readMigrations,
  requireMigrated,
} from "../../../../../apps/shop/src/platform/database/migrations.ts";
import { migrationSources } from "../../../../../apps/shop/src/modules.ts";
import { keepLimits } from "../../../../../apps/shop/src/platform/database/limits.ts";
import { recordedLog, silentLog } from "../../support/logs.ts";
import { databaseAt, emptyDatabase, query } from "../../support/postgres.ts";

describe("migrations", () => {
  let folder: string;
  let url: string;
  let database: Database;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "shop-migrations-"));
    url = await emptyDatabase();
    database = databaseAt(url);
  });
  afterEach(async () => {
    await database.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** The migrations of a module named `toys` with these files. */
  const toys = (files: Readonly<Record<string, string>>): readonly Migration[] => {
    for (const [name, sql] of Object.entries(files)) writeFileSync(join(folder, name), sql);
    const source: MigrationSource = { module: "toys", folder: pathToFileURL(`${folder}/`) };
    return readMigrations([source]);
  };
  const recorded = (): Promise<Record<string, unknown>[]> =>
    query(url, "SELECT module, number, name FROM platform.migrations ORDER BY applied_at, module, number");

  it("make the shop's tables, module after module, and are remembered", async () => {
    const migrations = readMigrations(migrationSources);
    const ran = await migrate(database, migrations, silentLog);
    assert.deepEqual(
      (await recorded()).map(({ module, number, name }) => `${String(module)} ${String(number)} ${String(name)}`),
      migrations.map(({ module, number, name }) => `${module} ${number} ${name}`),
    );
    assert.equal(ran, migrations.length);
    // Each module has its tables in a schema of its own, and nobody else has any.
    const schemas = await query(
      url,
      "SELECT DISTINCT schemaname AS name FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1",
    );
    assert.deepEqual(
      schemas.map(({ name }) => name),
      [...new Set(["platform", ...migrationSources.map(({ module }) => module)])].toSorted(),
    );
  });

  it("have the server keep the limits of time for whoever runs them, and set none on a connection", async () => {
    await migrate(database, [], silentLog);
    await migrate(database, [], silentLog);
    const { rows } = await databaseAt(url).query({
      text: "SELECT name, setting, source FROM pg_settings WHERE name IN ('statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout') ORDER BY name",
    });
    assert.deepEqual(rows, [
      { name: "idle_in_transaction_session_timeout", setting: "10000", source: "database user" },
      { name: "lock_timeout", setting: "3000", source: "database user" },
      { name: "statement_timeout", setting: "5000", source: "database user" },
    ]);
    // Long work is not held to them.
    const { rows: lifted } = await database.session((client) => client.query("SHOW statement_timeout"));
    assert.deepEqual(lifted, [{ statement_timeout: "0" }]);
  });

  it("keep the limits also for a role that owns nothing", async () => {
    const role = `owner_of_nothing_${process.pid}`;
    await query(url, `CREATE ROLE ${role} LOGIN PASSWORD 'word'`);
    const login = new URL(url);
    [login.username, login.password] = [role, "word"];
    const client = new pg.Client({ connectionString: login.href });
    await client.connect();
    await keepLimits(client);
    await client.end();
    assert.deepEqual(await query(login.href, "SHOW lock_timeout"), [{ lock_timeout: "3s" }]);
    await query(url, `DROP OWNED BY ${role}; DROP ROLE ${role}`);
  });

  it("do nothing the second time", async () => {
    const migrations = readMigrations(migrationSources);
    await migrate(database, migrations, silentLog);
    assert.equal(await migrate(database, migrations, silentLog), 0);
  });

  it("run once, however many start them at the same time", async () => {
    const migrations = readMigrations(migrationSources);
    const ran = await Promise.all(
      Array.from({ length: 8 }, async () => {
        const own = databaseAt(url);
        const count = await migrate(own, migrations, silentLog);
        await own.close();
        return count;
      }),
    );
    assert.deepEqual(ran.toSorted(), [0, 0, 0, 0, 0, 0, 0, migrations.length]);
    assert.equal((await recorded()).length, migrations.length);
  });

  it("run those that are new only, in the order of their numbers", async () => {
    await migrate(database, toys({ "0001-box.sql": "CREATE TABLE box (id int)" }), silentLog);
    const more = toys({ "0010-fill.sql": "INSERT INTO box VALUES (9)", "0009-widen.sql": "ALTER TABLE box ADD COLUMN x int" });
    assert.equal(await migrate(database, more, silentLog), 2);
    assert.deepEqual(await query(url, "SELECT * FROM box"), [{ id: 9, x: null }]);
  });

  it("leave nothing of one that fails, keep those before it, and go on once it is right", async () => {
    const wrong = toys({
      "0001-box.sql": "CREATE TABLE box (id int)",
      "0002-lid.sql": "CREATE TABLE lid (id int); INSERT INTO nowhere VALUES (1)",
      "0003-shelf.sql": "CREATE TABLE shelf (id int)",
    });
    await assert.rejects(migrate(database, wrong, silentLog), {
      message: 'migration toys/0002 (lid) failed: relation "nowhere" does not exist',
    });
    assert.deepEqual(await recorded(), [{ module: "toys", number: 1, name: "box" }]);
    assert.deepEqual(await query(url, "SELECT to_regclass('lid') AS lid, to_regclass('shelf') AS shelf"), [
      { lid: null, shelf: null },
    ]);
    const right = toys({ "0002-lid.sql": "CREATE TABLE lid (id int)" });
    assert.equal(await migrate(database, right, silentLog), 2);
  });

  it("refuse one that was changed after it ran", async () => {
    await migrate(database, toys({ "0001-box.sql": "CREATE TABLE box (id int)" }), silentLog);
    await assert.rejects(migrate(database, toys({ "0001-box.sql": "CREATE TABLE box (id bigint)" }), silentLog), {
      message:
        "migration toys/0001 (box) was changed after it ran here. A migration that ran is never changed: restore the file as it was and add another one",
    });
  });

  it("let an older version start on the tables of a newer one, and say so", async () => {
    await migrate(database, toys({ "0001-box.sql": "SELECT 1", "0002-lid.sql": "SELECT 2" }), silentLog);
    rmSync(join(folder, "0002-lid.sql"));
    const { log, lines } = recordedLog();
    assert.equal(await migrate(database, toys({}), log), 0);
    assert.deepEqual(
      lines().map(({ level, event, migrations }) => ({ level, event, migrations })),
      [{ level: "warn", event: "migrations-unknown", migrations: "toys/0002" }],
    );
  });

  it("give up soon on a table that somebody holds, instead of making everybody wait behind them", async () => {
    await migrate(database, toys({ "0001-box.sql": "CREATE TABLE box (id int)" }), silentLog);
    const reader = new pg.Client({ connectionString: url });
    await reader.connect();
    await reader.query("BEGIN; SELECT * FROM box");
    await assert.rejects(
      migrate(database, toys({ "0002-widen.sql": "ALTER TABLE box ADD COLUMN x int" }), silentLog, { tableLockMs: 50 }),
      {
        message: "migration toys/0002 (widen) failed: canceling statement due to lock timeout",
      },
    );
    await reader.query("COMMIT");
    assert.equal(await migrate(database, toys({}), silentLog), 1);
    await reader.end();
  });

  it("stop waiting for another migrator when told to", async () => {
    const other = new pg.Client({ connectionString: url });
    await other.connect();
    await other.query("SELECT pg_advisory_lock(7305142)");
    const stop = new AbortController();
    const waiting = assert.rejects(migrate(database, toys({ "0001-box.sql": "SELECT 1" }), silentLog, { signal: stop.signal }), {
      message: "Connection terminated",
    });
    const isWaiting = async (): Promise<boolean> =>
      (await query(url, "SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")).length === 1;
    while (!(await isWaiting()));
    stop.abort();
    await waiting;
    await other.end();
  });

  it("are missed by name of their number where they may not run", async () => {
    const migrations = readMigrations(migrationSources);
    const message = (count: number): string =>
      `${count} migrations have not run and MIGRATIONS=off: run this version with ROLE=migrate`;
    await assert.rejects(requireMigrated(database, migrations, silentLog), { message: message(migrations.length) });
    await migrate(database, migrations.slice(0, -1), silentLog);
    await assert.rejects(requireMigrated(database, migrations, silentLog), { message: message(1) });
    await migrate(database, migrations, silentLog);
    await requireMigrated(database, migrations, silentLog);
  });

  for (const file of ["1-box.sql", "0001_box.sql", "0001-Box.sql", "0001-.sql"])
    it(`are not called ${file}`, () => {
      assert.throws(() => toys({ [file]: "SELECT 1" }), {
        message: `migrations of toys: ${file} must be called like 0001-what-it-does.sql`,
      });
    });

  it("have a number each", () => {
    assert.throws(() => toys({ "0001-box.sql": "SELECT 1", "0001-lid.sql": "SELECT 1" }), {
      message: "migrations of toys: number 1 is used twice",
    });
  });
});

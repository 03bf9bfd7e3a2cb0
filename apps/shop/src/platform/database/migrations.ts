import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import type pg from "pg";
import type { Log } from "../log.ts";
import type { Database } from "./database.ts";
import { keepLimits } from "./limits.ts";

/** A module's migrations: plain SQL files `NNNN-what-it-does.sql`, run in the order of their numbers, never changed once released. */
export interface MigrationSource {
  /** The module, which is also its schema's name. */
  readonly module: string;
  readonly folder: URL;
}

/** One file. */
export interface Migration {
  readonly module: string;
  readonly number: number;
  readonly name: string;
  readonly sql: string;
  readonly checksum: string;
}

/** What is in the database and what is not. */
interface Plan {
  readonly pending: readonly Migration[];
}

/** The advisory lock that lets one migrator through at a time: any number, the same in every version. */
const LOCK = 7_305_142;
/** How long one migrator waits for another. */
const LOCK_WAIT = "120s";
/** A change of a table waits for its readers no longer than this: behind it, all others would wait. */
const TABLE_LOCK_MS = 5_000;

/** How migrations are run. */
export interface MigrateOptions {
  /** Ends the run, also one that waits for another migrator. @default - it runs to its end */
  readonly signal?: AbortSignal;
  /** How long a change waits for those who use its table. @default 5000 */
  readonly tableLockMs?: number;
}

/** The migrations of all modules, in the order they run. @throws Error on a file whose name has no number, or a number used twice. */
export function readMigrations(sources: readonly MigrationSource[]): readonly Migration[] {
  return sources.flatMap(({ module, folder }) => {
    const files = readdirSync(folder)
      .filter((file) => file.endsWith(".sql"))
      .sort();
    const migrations = files.map((file) => readMigration(module, file, readFileSync(new URL(file, folder), "utf8")));
    const twice = migrations.find((migration, index) => migrations[index - 1]?.number === migration.number);
    if (twice !== undefined) throw new Error(`migrations of ${module}: number ${twice.number} is used twice`);
    return migrations;
  });
}

function readMigration(module: string, file: string, sql: string): Migration {
  const [, number, name] = /^(\d{4})-([a-z0-9-]+)\.sql$/.exec(file) ?? [];
  if (number === undefined || name === undefined)
    throw new Error(`migrations of ${module}: ${file} must be called like 0001-what-it-does.sql`);
  return { module, number: Number(number), name, sql, checksum: createHash("sha256").update(sql).digest("hex") };
}

/** Brings the tables up to date. Safe to run by many at once: one does the work, the others wait for it and find it done. Returns how many files ran. */
export async function migrate(
  database: Database,
  migrations: readonly Migration[],
  log: Log,
  { signal, tableLockMs = TABLE_LOCK_MS }: MigrateOptions = {},
): Promise<number> {
  return database.session(async (client) => {
    await client.query(`SET lock_timeout = '${LOCK_WAIT}'`);
    // Held until the session ends.
    await client.query("SELECT pg_advisory_lock($1)", [LOCK]);
    await client.query(`SET lock_timeout = ${tableLockMs}`);
    await keepLimits(client);
    await prepare(client);
    const { pending } = await planFor(client, migrations, log);
    for (const migration of pending) await apply(client, migration, log);
    return pending.length;
  }, signal);
}

/** @throws Error while migrations are missing from the database. */
export async function requireMigrated(database: Database, migrations: readonly Migration[], log: Log): Promise<void> {
  const { pending } = await database.session(async (client) => {
    const { rows } = await client.query<{ there: boolean }>("SELECT to_regclass('platform.migrations') IS NOT NULL AS there");
    return rows[0]?.there === true ? planFor(client, migrations, log) : { pending: migrations };
  });
  if (pending.length > 0)
    throw new Error(`${pending.length} migrations have not run and MIGRATIONS=off: run this version with ROLE=migrate`);
}

async function prepare(client: pg.ClientBase): Promise<void> {
  await client.query(`
    CREATE SCHEMA IF NOT EXISTS platform;
    CREATE TABLE IF NOT EXISTS platform.migrations (
      module     text        NOT NULL,
      number     integer     NOT NULL,
      name       text        NOT NULL,
      checksum   text        NOT NULL,
      applied_at timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (module, number)
    )`);
}

async function planFor(client: pg.ClientBase, migrations: readonly Migration[], log: Log): Promise<Plan> {
  const { rows } = await client.query<{ module: string; number: number; checksum: string }>(
    "SELECT module, number, checksum FROM platform.migrations ORDER BY module, number",
  );
  const applied = new Map(rows.map((row) => [keyOf(row), row.checksum]));
  for (const migration of migrations) refuseIfChanged(migration, applied.get(keyOf(migration)));
  const known = new Set(migrations.map(keyOf));
  const newer = rows.filter((row) => !known.has(keyOf(row)));
  // A version that was rolled back meets the tables of its successor, which changes them only so that both can work.
  if (newer.length > 0) log.write("warn", "migrations-unknown", { migrations: newer.map(keyOf).join(", ") });
  return { pending: migrations.filter((migration) => !applied.has(keyOf(migration))) };
}

function refuseIfChanged(migration: Migration, checksum: string | undefined): void {
  if (checksum === undefined || checksum === migration.checksum) return;
  throw new Error(
    `migration ${keyOf(migration)} (${migration.name}) was changed after it ran here. A migration that ran is never changed: ` +
      "restore the file as it was and add another one",
  );
}

async function apply(client: pg.ClientBase, migration: Migration, log: Log): Promise<void> {
  const started = performance.now();
  try {
    await client.query("BEGIN");
    await client.query(migration.sql);
    await client.query("INSERT INTO platform.migrations (module, number, name, checksum) VALUES ($1, $2, $3, $4)", [
      migration.module,
      migration.number,
      migration.name,
      migration.checksum,
    ]);
    await client.query("COMMIT");
  } catch (error) {
    await client.query("ROLLBACK").catch(() => undefined); // The first error is the one that tells.
    throw new Error(
      `migration ${keyOf(migration)} (${migration.name}) failed: ${error instanceof Error ? error.message : String(error)}`,
      {
        cause: error,
      },
    );
  }
  log.write("info", "migrated", {
    migration: keyOf(migration),
    name: migration.name,
    ms: Math.round(performance.now() - started),
  });
}

function keyOf({ module, number }: Pick<Migration, "module" | "number">): string {
  return `${module}/${String(number).padStart(4, "0")}`;
}

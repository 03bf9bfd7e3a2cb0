import { mkdtempSync, rmSync, chmodSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { type Postgres, type PostgresOptions, preparePostgres } from "../../../../apps/shop/dev/postgres.ts";
import { Database } from "../../../../apps/shop/src/platform/database/database.ts";
import { migrate, readMigrations } from "../../../../apps/shop/src/platform/database/migrations.ts";
import { migrationSources } from "../../../../apps/shop/src/modules.ts";
import { silentLog } from "./logs.ts";

/** The tests end processes, never the machine: nothing depends on the disk having it. */
export const QUICK = {
  fsync: "off",
  full_page_writes: "off",
  shared_buffers: "32MB",
  max_connections: "200",
  deadlock_timeout: "50ms",
};
/** A database with all tables, from which others are copied. */
const TEMPLATE = "migrated";

let shared: Promise<Postgres> | undefined;
/** Folders that are removed at the end. */
export const folders: string[] = [];
let databases = 0;

/** A server of a test's own, which may be stopped and killed. It is started; stop it when done. */
export async function ownPostgres(options: PostgresOptions = {}): Promise<Postgres> {
  const folder = mkdtempSync(join(tmpdir(), "shop-test-"));
  folders.push(folder);
  chmodSync(folder, 0o755);
  const postgres = await preparePostgres(folder, { parameters: { ...QUICK, ...options.parameters } });
  await postgres.start();
  return postgres;
}

/** The address of a new database with all tables and products, on the one server that all files of this process share. */
export async function migratedDatabase(): Promise<string> {
  shared ??= startShared();
  return createDatabase(await shared, ` TEMPLATE ${TEMPLATE}`);
}

/** The address of a new database without anything in it, on the shared server. */
export async function emptyDatabase(): Promise<string> {
  shared ??= startShared();
  return createDatabase(await shared);
}

/** Runs one statement as the administrator and gives its rows. */
export async function query(url: string, text: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text, values)).rows;
  } finally {
    await client.end();
  }
}

/** The product's own way to the database at this address. Close it when done. */
export function databaseAt(url: string, size = 10): Database {
  return new Database(() => Promise.resolve({ connectionString: url }), { log: silentLog, size });
}

/** Brings all tables into a database. */
export async function migrateAll(url: string): Promise<void> {
  const database = databaseAt(url);
  await migrate(database, readMigrations(migrationSources), silentLog);
  await database.close();
}

async function startShared(): Promise<Postgres> {
  const postgres = await ownPostgres();
  await query(postgres.url("postgres"), `CREATE DATABASE ${TEMPLATE}`);
  await migrateAll(postgres.url(TEMPLATE));
  return postgres;
}

async function createDatabase(postgres: Postgres, from = ""): Promise<string> {
  const name = `test_${++databases}`;
  await query(postgres.url("postgres"), `CREATE DATABASE ${name}${from}`);
  return postgres.url(name);
}

after(async () => {
  await (await shared)?.stop("kill");
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

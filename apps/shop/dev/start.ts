import type { ChildProcess } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { existsSync, lstatSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { freePort, type Postgres, preparePostgres } from "./postgres.ts";
import { spawnWatched } from "./watched.ts";

const HELP = `Usage: npm start -w apps/shop

Runs the shop with a PostgreSQL of its own, on this machine only, until Ctrl-C. Accounts and orders are kept for the next time.
PORT is 8080 unless set; 0 takes a free one. SHOP_DATA is the folder for the data. All variables of the shop work as well: node src/main.ts --help
`;

const here = fileURLToPath(new URL("..", import.meta.url));
const DATABASE = "shop";
const POLL_MS = 50;

if (process.argv.length > 2) {
  const helped = process.argv.slice(2).every((arg) => arg === "--help" || arg === "-h");
  process.stdout.write(helped ? HELP : `unknown argument: ${process.argv.slice(2).join(" ")}\n\n${HELP}`);
  process.exit(helped ? 0 : 64);
}

const stop = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => stop.abort());
try {
  process.exitCode = await run(stop.signal);
} catch (error) {
  const message = error instanceof Error ? error.message : String(error);
  const taken = message.includes("postmaster.pid");
  process.stderr.write(taken ? `The shop runs already, on the data in ${dataFolder()}. Stop it there first.\n` : `${message}\n`);
  process.exitCode = 1;
}

/** Runs both until the signal, or until the product ends by itself. Returns the product's exit code. */
async function run(signal: AbortSignal): Promise<number> {
  const folder = dataFolder();
  const postgres = await preparePostgres(folder);
  await postgres.start();
  try {
    await ensureDatabase(postgres);
    const { product, url } = await startProduct(postgres, folder);
    const ended = once(product, "exit") as Promise<[number | null, NodeJS.Signals | null]>;
    const interrupt = (): void => void product.kill("SIGTERM");
    if (signal.aborted) interrupt();
    signal.addEventListener("abort", interrupt);
    if (await isReady(url, product))
      process.stdout.write(`\n  The shop is open: ${url}\n  Its data are in ${folder}\n  Ctrl-C stops it.\n\n`);
    const [code] = await ended;
    return code ?? 1;
  } finally {
    await postgres.stop();
  }
}

/** What SHOP_DATA names, or a folder beside the product; for root somewhere that the account `nobody`, which then runs the database, can reach for sure. */
function dataFolder(): string {
  const named = process.env["SHOP_DATA"];
  if (named !== undefined && named !== "") return resolve(named);
  if (process.getuid?.() !== 0) return join(here, ".local");
  const folder = join("/var/tmp", `shop-${createHash("sha256").update(here).digest("hex").slice(0, 12)}`);
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  if (lstatSync(folder).uid !== 0) throw new Error(`${folder} belongs to somebody else; remove it and try again`);
  return folder;
}

async function ensureDatabase(postgres: Postgres): Promise<void> {
  const client = new pg.Client({ connectionString: postgres.url("postgres") });
  await client.connect();
  try {
    const { rowCount } = await client.query("SELECT FROM pg_database WHERE datname = $1", [DATABASE]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${DATABASE}`);
  } finally {
    await client.end();
  }
}

async function startProduct(postgres: Postgres, folder: string): Promise<{ product: ChildProcess; url: string }> {
  const port = process.env["PORT"] === "0" ? await freePort() : (process.env["PORT"] ?? "8080");
  const url = `http://localhost:${port}`;
  const product = spawnWatched({
    command: process.execPath,
    args: ["src/main.ts"],
    stopSignal: "TERM",
    cwd: here,
    env: {
      LOG_LEVEL: "warn",
      PUBLIC_URL: url,
      // As in the Dockerfile: what was compiled once starts in half the time.
      NODE_COMPILE_CACHE: join(here, ".cache"),
      APP_SECRET: keptSecret(join(folder, "app-secret")),
      ...process.env,
      HOST: "127.0.0.1",
      PORT: String(port),
      DATABASE_URL: postgres.url(DATABASE),
    },
  });
  return { product, url };
}

/** Kept, so that people stay logged in over a restart. */
function keptSecret(file: string): string {
  if (!existsSync(file)) writeFileSync(file, randomBytes(32).toString("base64"), { mode: 0o600 });
  return readFileSync(file, "utf8");
}

async function isReady(url: string, product: ChildProcess): Promise<boolean> {
  while (product.exitCode === null && product.signalCode === null) {
    const ready = await fetch(`${url}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (ready) return true;
    await delay(POLL_MS);
  }
  return false;
}

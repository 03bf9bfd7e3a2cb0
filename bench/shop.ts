import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import autocannon from "autocannon";
import pg from "pg";
import { freePort, preparePostgres } from "../apps/shop/dev/postgres.ts";
import { root } from "../tests/runner/groups.ts";
import { type Figure, median } from "./measure.ts";

/** The share of the bare server's requests per second that the whole page must reach. */
const LEAST_PERCENT = 70;
const CONNECTIONS = 20;
const SECONDS = 5;
/** In the log line with which both servers say that they can be asked. */
const READY = '"event":"ready"';

interface Server {
  readonly url: string;
  readonly child: ChildProcess;
}

/** Loads the catalogue page and the bare server in turns, on one database, each in a process of its own. */
export async function shopFigures(runs: number): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), "platform-bench-"));
  chmodSync(folder, 0o755);
  const postgres = await preparePostgres(folder);
  await postgres.start();
  const servers: Server[] = [];
  try {
    await createDatabase(postgres.url("postgres"));
    const environment = { DATABASE_URL: postgres.url("shop"), APP_SECRET: randomBytes(24).toString("base64"), LOG_LEVEL: "info" };
    // The product comes first: it makes the tables.
    const shop = await serve(join(root, "apps/shop/src/main.ts"), environment);
    servers.push(shop);
    const bare = await serve(join(root, "bench/bare-server.ts"), environment);
    servers.push(bare);
    const [pages, rows]: [autocannon.Result[], autocannon.Result[]] = [[], []];
    await load(shop);
    await load(bare);
    for (let run = 0; run < runs; run++) {
      pages.push(await load(shop));
      rows.push(await load(bare));
    }
    return figures(pages, rows);
  } finally {
    await Promise.all(servers.map(({ child }) => ended(child)));
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function figures(pages: readonly autocannon.Result[], rows: readonly autocannon.Result[]): Figure[] {
  const rates = (results: readonly autocannon.Result[]): number[] => results.map(({ requests }) => requests.average);
  const tails = (results: readonly autocannon.Result[]): number[] => results.map(({ latency }) => latency.p97_5);
  const shares = rates(pages).map((rate, index) => (100 * rate) / (rates(rows)[index] ?? Number.NaN));
  const figure = (name: string, unit: Figure["unit"], runs: number[]): Figure => ({ name, unit, value: median(runs), runs });
  return [
    figure("catalogue page", "requests/s", rates(pages)),
    figure("bare Fastify and pg, the same query", "requests/s", rates(rows)),
    { ...figure("catalogue page, against that", "%", shares), goal: { atLeast: LEAST_PERCENT } },
    figure("catalogue page, p97.5", "ms", tails(pages)),
    figure("bare Fastify and pg, p97.5", "ms", tails(rows)),
  ];
}

async function load({ url }: Server): Promise<autocannon.Result> {
  const result = await autocannon({ url, connections: CONNECTIONS, duration: SECONDS });
  assert.equal(result.non2xx + result.errors + result.timeouts, 0, `${url} answered with errors under load`);
  return result;
}

/** Starts a server and waits for its line that says it is ready. */
async function serve(file: string, environment: Readonly<Record<string, string>>): Promise<Server> {
  const port = await freePort();
  const child = spawn(process.execPath, [file], {
    cwd: join(root, "apps/shop"),
    env: { ...process.env, ...environment, PORT: String(port), HOST: "127.0.0.1", NODE_ENV: "production" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  await new Promise<void>((resolve, reject) => {
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      if (output.includes(READY)) return;
      output += text;
      if (output.includes(READY)) resolve();
    });
    child.once("exit", () => {
      reject(new Error(`${file} ended before it was ready:\n${output}`));
    });
  });
  return { url: `http://127.0.0.1:${String(port)}/`, child };
}

async function ended(child: ChildProcess): Promise<void> {
  const gone = once(child, "exit");
  // False where it has ended already, and nothing more is to come.
  if (child.kill("SIGTERM")) await gone;
}

async function createDatabase(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query("CREATE DATABASE shop");
  await client.end();
}

import assert from "node:assert/strict";
import { randomBytes, randomUUID } from "node:crypto";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import autocannon from "autocannon";
import pg from "pg";
import { preparePostgres } from "../apps/shop/dev/postgres.ts";
import { type Figure, median } from "./measure.ts";
import { jobsPerSecond } from "./shop-jobs.ts";
import { BARE, residentMb, serve, type Server, SHOP } from "./shop-servers.ts";

/** The shares of the bare server's requests per second that must be reached: by what is kept, and by what asks the database each time. */
const LEAST_PERCENT = { cached: 90, uncached: 70 };
const MOST_READY_SECONDS = 1;
const MOST_RESIDENT_MB = 120;
const CONNECTIONS = 20;
const BUYERS = 8;
const SECONDS = 3;
const PATHS = { "catalogue page": "/", "product API": "/api/products/oat-mug" } as const;
type Path = keyof typeof PATHS;

/** What was measured, run by run. */
interface Measured {
  readonly rates: Readonly<Record<"cached" | "uncached" | "bare", Record<Path, number[]>>>;
  readonly pageTail: number[];
  readonly checkoutP95: number[];
  readonly checkoutRate: number[];
  readonly readySeconds: number[];
  readonly residentMb: number[];
  readonly jobs: { table: number; sqs: number }[];
}

/** Loads the shop, with its cache and without, and the bare server in turns, on one database, each in a process of its own; then checkout, start-up, memory and jobs. */
export async function shopFigures(runs: number): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), "platform-bench-"));
  chmodSync(folder, 0o755);
  const postgres = await preparePostgres(folder);
  await postgres.start();
  const running: Server[] = [];
  try {
    await query(postgres.url("postgres"), "CREATE DATABASE shop");
    const url = postgres.url("shop");
    const environment = { DATABASE_URL: url, APP_SECRET: randomBytes(24).toString("base64"), LOG_LEVEL: "info" };
    const start = async (file: string, more: Readonly<Record<string, string>> = {}): Promise<Server> => {
      const server = await serve(file, { ...environment, ...more });
      running.push(server);
      return server;
    };
    // The product comes first: it makes the tables.
    const cached = await start(SHOP);
    await query(url, "UPDATE catalog.products SET stock = 2000000000");
    const servers = { cached, uncached: await start(SHOP, { CACHE_SECONDS: "0", JOBS_AT_ONCE: "0" }), bare: await start(BARE) };
    const measured = emptyMeasured();
    for (let run = 0; run <= runs; run++) await measure(servers, environment, measured, run > 0);
    return figures(measured);
  } finally {
    await Promise.all(running.map((server) => server.end()));
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** One run; one that is not kept is for compilers and caches to get warm. */
async function measure(
  servers: Readonly<Record<"cached" | "uncached" | "bare", Server>>,
  environment: Readonly<Record<string, string>> & { readonly DATABASE_URL: string },
  measured: Measured,
  kept: boolean,
): Promise<void> {
  for (const path of Object.keys(PATHS) as Path[])
    for (const [name, server] of Object.entries(servers)) {
      const { requests, latency } = await load(server, { url: server.url + PATHS[path] });
      if (!kept) continue;
      measured.rates[name as keyof typeof servers][path].push(requests.average);
      if (name === "cached" && path === "catalogue page") measured.pageTail.push(latency.p97_5);
    }
  if (!kept) return;
  const checkout = await load(servers.cached, await checkoutOf(servers.cached));
  // autocannon has no p95 among its names: p97.5 is the next one, and never below it.
  measured.checkoutP95.push(checkout.latency.p97_5);
  measured.checkoutRate.push(checkout.requests.average);
  measured.residentMb.push(await residentMb(servers.cached));
  const fresh = await serve(SHOP, { ...environment, JOBS_AT_ONCE: "0" });
  measured.readySeconds.push(fresh.readyMs / 1000);
  await fresh.end();
  measured.jobs.push(await jobsPerSecond(environment.DATABASE_URL));
}

async function load({ url }: Server, options: autocannon.Options): Promise<autocannon.Result> {
  const result = await autocannon({ connections: CONNECTIONS, duration: SECONDS, ...options });
  assert.equal(result.non2xx + result.errors + result.timeouts, 0, `${url} answered with errors under load`);
  return result;
}

/** Somebody who orders one piece of any product, again and again. */
async function checkoutOf({ url }: Server): Promise<autocannon.Options> {
  const account = { email: `${randomUUID()}@example.com`, password: `correct horse ${randomUUID()}` };
  const post = (path: string): Promise<Response> =>
    fetch(url + path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(account) });
  assert.ok((await post("/api/users")).ok);
  const { token } = (await (await post("/api/sessions")).json()) as { token: string };
  const { items } = (await (await fetch(`${url}/api/products`)).json()) as { items: { id: string }[] };
  let next = 0;
  return {
    url: `${url}/api/orders`,
    connections: BUYERS,
    requests: [
      {
        method: "POST",
        setupRequest: (request) => ({
          ...request,
          headers: { "content-type": "application/json", authorization: `Bearer ${token}`, "idempotency-key": randomUUID() },
          body: JSON.stringify({ lines: [{ productId: items[next++ % items.length]?.id, quantity: 1 }] }),
        }),
      },
    ],
  };
}

function figures(measured: Measured): Figure[] {
  const figure = (name: string, unit: Figure["unit"], runs: number[]): Figure => ({ name, unit, value: median(runs), runs });
  const { rates } = measured;
  const shares = (Object.keys(PATHS) as Path[]).flatMap((path) => [
    figure(`${path}, bare Fastify and pg`, "requests/s", rates.bare[path]),
    ...(["cached", "uncached"] as const).map((name) => ({
      ...figure(
        `${path}, ${name}, against that`,
        "%",
        rates[name][path].map((rate, run) => (100 * rate) / (rates.bare[path][run] ?? Number.NaN)),
      ),
      goal: { atLeast: LEAST_PERCENT[name] },
    })),
  ]);
  return [
    ...shares,
    figure("catalogue page, cached, p97.5", "ms", measured.pageTail),
    figure(`checkout, ${String(BUYERS)} buyers`, "requests/s", measured.checkoutRate),
    figure("checkout, p97.5", "ms", measured.checkoutP95),
    { ...figure("start to ready, migrated database", "s", measured.readySeconds), goal: { atMost: MOST_READY_SECONDS } },
    { ...figure("memory of a process after load", "MB", measured.residentMb), goal: { atMost: MOST_RESIDENT_MB } },
    figure(
      "jobs of one worker, from the table",
      "jobs/s",
      measured.jobs.map(({ table }) => table),
    ),
    figure(
      "jobs of one worker, through SQS",
      "jobs/s",
      measured.jobs.map(({ sqs }) => sqs),
    ),
  ];
}

function emptyMeasured(): Measured {
  const paths = (): Record<Path, number[]> => ({ "catalogue page": [], "product API": [] });
  return {
    rates: { cached: paths(), uncached: paths(), bare: paths() },
    pageTail: [],
    checkoutP95: [],
    checkoutRate: [],
    readySeconds: [],
    residentMb: [],
    jobs: [],
  };
}

async function query(url: string, text: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(text);
  await client.end();
}

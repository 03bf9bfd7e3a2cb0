import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { freePort } from "../../../../apps/shop/dev/postgres.ts";
import { readMigrations } from "../../../../apps/shop/src/platform/database/migrations.ts";
import { migrationSources } from "../../../../apps/shop/src/modules.ts";
import { emptyDatabase, migratedDatabase, query } from "../support/postgres.ts";
import { ShopProcess } from "../support/process.ts";
import { APP_SECRET } from "../support/shop.ts";
import { until } from "../support/until.ts";

describe("the shop's process", function () {
  this.timeout(30_000);

  it("explains every variable and exit code with --help", async () => {
    const { code, stdout, stderr } = await new ShopProcess({}, ["--help"]).ended;
    assert.equal(code, 0);
    assert.equal(stderr, "");
    assert.match(stdout, /^Usage: node src\/main\.ts \[--help\] \[COMMAND\]\n/);
    assert.match(stdout, / {2}ROLE\n {6}web serves people .*\n {6}Allowed: web, worker or migrate\. Default: web\.\n/);
    assert.match(stdout, /Exit codes: 0 stopped or done, 64 unknown argument, 69 .*, 70 .*, 78 wrong environment\.\n$/);
  });

  it("ends with 64 on an argument that it does not know", async () => {
    const { code, stdout, stderr } = await new ShopProcess({}, ["--port", "80"]).ended;
    assert.deepEqual([code, stdout], [64, ""]);
    assert.equal(
      stderr,
      "unknown argument: --port 80. Allowed are --help and the commands operator; everything else is set by environment variables.\n",
    );
  });

  it("makes somebody who has signed up an operator", async () => {
    const url = await migratedDatabase();
    const email = `${randomUUID()}@example.com`;
    await query(url, "INSERT INTO auth.users (id, email, password_hash) VALUES (gen_random_uuid(), $1, '$scrypt$')", [email]);
    const command = (...args: string[]) => ShopProcess.on(url, { LOG_LEVEL: "error" }, ["operator", ...args]).ended;
    const answers = await Promise.all([command(email), command("nobody@example.com"), command()]);
    assert.deepEqual(
      answers.map(({ code, stdout, stderr }) => [code, stdout, stderr]),
      [
        [0, `${email} is an operator now: /operator\n`, ""],
        [64, "", "nobody has signed up as nobody@example.com: sign up at /signup first\n"],
        [64, "", "operator takes one e-mail address: node src/main.ts operator ada@example.com\n"],
      ],
    );
    assert.equal((await query(url, "SELECT FROM auth.operators")).length, 1);
  });

  it("ends with 78 and names every fault of the environment at once", async () => {
    const { code, stdout, stderr } = await new ShopProcess({
      PORT: "99999",
      ROLE: "wbe",
      DATABASE_URL: "postgres://shop:hunter2@",
      APP_SECRET: "short-secret",
    }).ended;
    assert.deepEqual([code, stdout], [78, ""]);
    assert.deepEqual(stderr.split("\n"), [
      'PORT: given "99999"; allowed is a whole number from 0 to 65535; set it to something like 8080.',
      'ROLE: given "wbe"; allowed is web, worker or migrate; set it to something like web.',
      "DATABASE_URL: given a value of 24 characters; allowed is postgres://user:password@host:port/name; set it to something like postgres://shop:...@127.0.0.1:5432/shop.",
      "APP_SECRET: given a value of 12 characters; allowed is at least 32 random characters; set it to something like the output of: openssl rand -base64 32.",
      "",
    ]);
  });

  it("ends with 69 when the database does not come in time, and says what it waited for", async () => {
    const shop = ShopProcess.on(`postgres://shop:secret-password@127.0.0.1:${await freePort()}/shop`, {
      DATABASE_WAIT_SECONDS: "1",
    });
    const { code, stdout } = await shop.ended;
    assert.equal(code, 69);
    const lines = shop.lines();
    assert.deepEqual(lines[0]?.["event"], "listening");
    assert.equal(lines[1]?.["event"], "waiting");
    assert.equal(lines[1]["for"], "the database cannot be reached");
    assert.match(String(lines.at(-2)?.["message"]), /^gave up after 1 s: the database cannot be reached: connect ECONNREFUSED /);
    assert.equal(lines.at(-1)?.["event"], "stopped");
    assert.ok(!stdout.includes("secret-password"));
  });

  it("ends with 70 when its port is taken", async () => {
    const taken = createServer().listen(0, "127.0.0.1");
    await once(taken, "listening");
    const { port } = taken.address() as AddressInfo;
    const shop = ShopProcess.on(await migratedDatabase(), { PORT: String(port) });
    assert.equal((await shop.ended).code, 70);
    assert.equal(shop.lines()[0]?.["code"], "EADDRINUSE");
    taken.close();
  });

  it("ends with 70 when a migration is wrong", async () => {
    const url = await emptyDatabase();
    await query(url, "CREATE SCHEMA catalog");
    const shop = ShopProcess.on(url, { ROLE: "migrate" });
    assert.equal((await shop.ended).code, 70);
    const message = shop.lines().find(({ event }) => event === "error")?.["message"];
    assert.equal(message, 'migration catalog/0001 (products) failed: schema "catalog" already exists');
  });

  it("brings the tables up to date and ends with 0 in the role migrate, five at once", async () => {
    const url = await emptyDatabase();
    const all = Array.from({ length: 5 }, () => ShopProcess.on(url, { ROLE: "migrate" }));
    const codes = await Promise.all(all.map(async ({ ended }) => (await ended).code));
    assert.deepEqual(codes, [0, 0, 0, 0, 0]);
    const migrated = all.flatMap((shop) => shop.lines()).filter(({ event }) => event === "migrated");
    assert.equal(migrated.length, readMigrations(migrationSources).length);
  });

  it("listens at once, is alive, and says why it is not ready, until somebody has migrated", async () => {
    const url = await emptyDatabase();
    const shop = ShopProcess.on(url, { MIGRATIONS: "off" });
    const base = await shop.url();
    while (!shop.lines().some((line) => line["for"] === "the tables are not up to date")) await shop.line("waiting");
    const alive = await fetch(`${base}/healthz`);
    assert.deepEqual([alive.status, await alive.json()], [200, { status: "alive" }]);
    const ready = await fetch(`${base}/readyz`);
    assert.deepEqual([ready.status, await ready.json()], [503, { status: "not ready", reason: "the tables are not up to date" }]);
    const page = await fetch(base);
    assert.deepEqual([page.status, page.headers.get("retry-after")], [503, "2"]);
    assert.match(await page.text(), /<h1>The shop is about to open\.<\/h1>/);
    const api = await fetch(`${base}/api/products`);
    assert.deepEqual([api.status, ((await api.json()) as { title: string }).title], [503, "The shop is about to open."]);
    assert.equal((await ShopProcess.on(url, { ROLE: "migrate" }).ended).code, 0);
    await shop.ready();
    const now = await fetch(`${base}/readyz`);
    assert.deepEqual([now.status, await now.json()], [200, { status: "ready" }]);
    assert.equal((await fetch(base)).status, 200);
    assert.equal((await shop.end()).code, 0);
  });

  it("stops in order while it still waits for the database", async () => {
    const shop = ShopProcess.on(`postgres://shop@127.0.0.1:${await freePort()}/shop`);
    await shop.line("waiting");
    const { code } = await shop.end();
    assert.equal(code, 0);
    assert.deepEqual(
      shop
        .lines()
        .slice(-2)
        .map(({ event, signal }) => [event, signal]),
      [
        ["stopping", "SIGTERM"],
        ["stopped", undefined],
      ],
    );
  });

  it("serves health and metrics only in the role worker, and does the background work", async () => {
    const url = await migratedDatabase();
    const order = randomUUID();
    await query(
      url,
      `INSERT INTO billing.orders (id, user_id, idempotency_key, requested, state, created_at)
       VALUES ($1, $2, 'key', '[{"productId":"oat-mug","quantity":1}]', 'pending', now() - interval '1 minute')`,
      [order, randomUUID()],
    );
    const worker = ShopProcess.on(url, { ROLE: "worker" });
    const base = await worker.ready();
    for (const path of ["/healthz", "/readyz", "/metrics"]) assert.equal((await fetch(base + path)).status, 200, path);
    for (const path of ["/", "/api/products", "/login"]) assert.equal((await fetch(base + path)).status, 404, path);
    const state = async (): Promise<unknown> =>
      (await query(url, "SELECT state FROM billing.orders WHERE id = $1", [order]))[0]?.["state"];
    while ((await state()) === "pending");
    assert.equal(await state(), "placed");
    assert.equal((await worker.end("SIGINT")).code, 0);
  });

  it("does the jobs by itself where it is the only process, and leaves them to workers where it is told to", async () => {
    const url = await migratedDatabase();
    const jobs = (where: string): Promise<Record<string, unknown>[]> =>
      query(url, `SELECT kind FROM jobs.jobs WHERE ${where} ORDER BY kind`);
    // The clock asks for some, such as this one.
    const idle = ShopProcess.on(url, { ROLE: "web", JOBS_AT_ONCE: "0" });
    await idle.ready();
    await until(async () => (await jobs("kind = 'sweep-jobs' AND state = 'waiting'")).length === 1);
    const alone = ShopProcess.on(url, { ROLE: "web", SERVICES: "all", LOG_LEVEL: "info" });
    await alone.ready();
    await until(async () => (await jobs("state <> 'done'")).length === 0);
    for (const shop of [idle, alone]) assert.equal((await shop.end()).code, 0);
    const done = (shop: ShopProcess): unknown[] =>
      shop
        .lines()
        .filter(({ event }) => event === "job")
        .map(({ kind, attempt, ending }) => [kind, attempt, ending])
        .toSorted();
    assert.deepEqual(
      done(alone),
      (await jobs("state = 'done'")).map(({ kind }) => [kind, 1, "done"]),
    );
    assert.deepEqual(done(idle), []);
  });

  it("writes nothing but JSON lines, none with a secret in it", async () => {
    const url = await migratedDatabase();
    const shop = ShopProcess.on(url);
    const base = await shop.ready();
    await fetch(`${base}/api/sessions`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ email: "someone@example.com", password: "a very secret password" }),
    });
    const { stdout, stderr } = await shop.end();
    assert.equal(stderr, "");
    for (const line of shop.lines()) assert.ok(typeof line["time"] === "string" && typeof line["event"] === "string");
    for (const secret of [APP_SECRET, new URL(url).password, "someone@example.com", "a very secret password"])
      assert.ok(!stdout.includes(secret));
  });
});

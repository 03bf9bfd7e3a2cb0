import assert from "node:assert/strict";
import type { LightMyRequestResponse } from "fastify";
import pg from "pg";
import { openShop, type TestShop } from "../support/shop.ts";
import { until } from "../support/until.ts";

describe("a shop with as many requests under way as it takes", () => {
  let shop: TestShop;
  let blocker: pg.Client;
  before(async () => {
    shop = await openShop({ environment: { MOST_REQUESTS: "3" } });
    blocker = new pg.Client({ connectionString: shop.databaseUrl });
    await blocker.connect();
  });
  after(async () => {
    await blocker.end();
    await shop.close();
  });
  const metric = async (name: string): Promise<string | undefined> =>
    new RegExp(`^${name} (\\d+)$`, "m").exec((await shop.app.inject("/metrics")).body)?.[1];

  it("turns others away at once, says when to come again, and answers those it took", async () => {
    await blocker.query("BEGIN; LOCK TABLE catalog.products IN ACCESS EXCLUSIVE MODE");
    const taken = Array.from({ length: 3 }, () => shop.app.inject("/api/products/oat-mug"));
    await until(async () => (await metric("http_requests_under_way")) === "3");

    const turnedAway: LightMyRequestResponse = await shop.app.inject("/api/products/oat-mug");
    assert.deepEqual([turnedAway.statusCode, turnedAway.headers["retry-after"]], [503, "2"]);
    assert.equal(turnedAway.json<{ title: string }>().title, "The shop is full.");
    const page = await shop.app.inject("/");
    assert.equal(page.statusCode, 503);
    assert.match(page.body, /<h1>The shop is full\.<\/h1>/);
    // What watches it, and what costs nothing, is answered all the same.
    const style = /\/assets\/[^"]+\/style\.css/.exec(page.body)?.[0] ?? "";
    for (const path of ["/healthz", "/readyz", style]) assert.equal((await shop.app.inject(path)).statusCode, 200, path);

    await blocker.query("ROLLBACK");
    assert.deepEqual(
      (await Promise.all(taken)).map(({ statusCode }) => statusCode),
      [200, 200, 200],
    );
    await until(async () => (await metric("http_requests_under_way")) === "0");
    assert.equal(await metric("http_requests_shed_total"), "2");
    assert.equal((await shop.app.inject("/api/products/oat-mug")).statusCode, 200);
  });
});

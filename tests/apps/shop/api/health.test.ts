import assert from "node:assert/strict";
import { openShop, type TestShop } from "../support/shop.ts";

describe("health, readiness and metrics", () => {
  let shop: TestShop;
  before(async () => (shop = await openShop()));
  after(() => shop.close());

  it("are never kept by anybody", async () => {
    for (const [url, body] of [
      ["/healthz", { status: "alive" }],
      ["/readyz", { status: "ready" }],
    ] as const) {
      const response = await shop.app.inject(url);
      assert.equal(response.statusCode, 200);
      assert.equal(response.headers["cache-control"], "no-store");
      assert.deepEqual(response.json(), body);
    }
  });

  it("are not for the internet: what came through the proxy finds no metrics", async () => {
    const inside = await shop.app.inject("/metrics");
    assert.equal(inside.statusCode, 200);
    assert.match(String(inside.headers["content-type"]), /^text\/plain; version=0\.0\.4/);
    const outside = await shop.app.inject({ url: "/metrics", headers: { "x-forwarded-for": "203.0.113.9" } });
    assert.equal(outside.statusCode, 404);
    assert.ok(!outside.body.includes("http_request_duration"));
  });

  it("count requests by method, route and status, not by what people typed", async () => {
    for (const id of ["oat-mug", "fern-mug", "none-1", "none-2"]) await shop.app.inject(`/api/products/${id}?q=${id}`);
    await shop.app.inject("/no/such/page");
    const { body } = await shop.app.inject("/metrics");
    assert.match(body, /^http_request_duration_seconds_count\{method="GET",route="\/api\/products\/:id",status="200"\} 2$/m);
    assert.match(body, /^http_request_duration_seconds_count\{method="GET",route="\/api\/products\/:id",status="404"\} 2$/m);
    assert.match(body, /^http_request_duration_seconds_count\{method="GET",route="\(none\)",status="404"\} 1$/m);
    assert.ok(!body.includes("fern-mug") && !body.includes("/no/such/page"));
  });

  it("tell of the pool and of the process", async () => {
    const { body } = await shop.app.inject("/metrics");
    for (const state of ["open", "idle", "waiting"])
      assert.match(body, new RegExp(`^database_pool_connections\\{endpoint="writer",state="${state}"\\} \\d+$`, "m"));
    for (const name of ["process_resident_memory_bytes", "nodejs_eventloop_lag_p99_seconds"])
      assert.match(body, new RegExp(`^${name} `, "m"));
  });

  it("say no while the shop starts and when it is about to end, which the pages then do only at the start", async () => {
    const other = await openShop({ databaseUrl: shop.databaseUrl });
    other.lifecycle.drain();
    const ready = await other.app.inject("/readyz");
    assert.equal(ready.statusCode, 503);
    assert.deepEqual(ready.json(), { status: "not ready", reason: "shutting down" });
    const page = await other.app.inject("/");
    assert.equal(page.statusCode, 200);
    assert.equal(page.headers.connection, "close");
    await other.close();
  });
});

import assert from "node:assert/strict";
import type { LightMyRequestResponse } from "fastify";
import { openShop, type TestShop } from "../support/shop.ts";
import { until } from "../support/until.ts";

const TOKEN = "0123456789abcdef0123456789abcdef-drill";

describe("drills", () => {
  let shop: TestShop;
  before(async () => (shop = await openShop({ environment: { CHAOS_TOKEN: TOKEN } })));
  after(() => shop.close());
  afterEach(() => ask("DELETE"));

  const ask = (method: "GET" | "PUT" | "DELETE", payload?: object, token = TOKEN): Promise<LightMyRequestResponse> =>
    shop.app.inject({
      method,
      url: "/api/chaos",
      headers: { authorization: `Bearer ${token}` },
      ...(payload !== undefined && { payload }),
    });
  const statusOf = async (url: string): Promise<number> => (await shop.app.inject(url)).statusCode;
  const NONE = { requestDelayMs: 0, requestFailures: 0, databaseAway: false, cacheAway: false };

  it("are nobody's who has not the token, and nowhere without one", async () => {
    for (const token of ["", "wrong", `${TOKEN}x`])
      assert.equal((await ask("PUT", { databaseAway: true }, token)).statusCode, 404);
    const without = await openShop();
    assert.equal(
      (await without.app.inject({ method: "GET", url: "/api/chaos", headers: { authorization: "Bearer " } })).statusCode,
      404,
    );
    await without.close();
    assert.deepEqual((await ask("GET")).json(), NONE);
  });

  it("have requests fail, but not those that watch the process", async () => {
    assert.deepEqual((await ask("PUT", { requestFailures: 1 })).json(), { ...NONE, requestFailures: 1 });
    const failed = await shop.app.inject("/api/products");
    assert.deepEqual([failed.statusCode, failed.json<{ title: string }>().title], [503, "The shop is in a drill."]);
    for (const path of ["/healthz", "/readyz", "/metrics"]) assert.equal(await statusOf(path), 200, path);
    await ask("DELETE");
    assert.equal(await statusOf("/api/products"), 200);
  });

  it("have the database be away", async () => {
    assert.equal(await statusOf("/api/products"), 200);
    await ask("PUT", { databaseAway: true });
    const failed = await shop.app.inject("/api/products");
    assert.deepEqual([failed.statusCode, failed.json<{ title: string }>().title], [503, "The shop is busy."]);
    await ask("DELETE");
    assert.equal(await statusOf("/api/products"), 200);
  }).timeout(20_000);

  it("end by themselves", async () => {
    await ask("PUT", { requestFailures: 1, seconds: 1 });
    await until(async () => (await statusOf("/api/products")) === 200);
    assert.deepEqual((await ask("GET")).json(), NONE);
  });

  it("are refused when they make no sense, with every fault at once", async () => {
    const refused = await ask("PUT", { requestFailures: 2, requestDelayMs: -1, seconds: 0, fire: true });
    assert.equal(refused.statusCode, 400);
    assert.deepEqual(
      refused.json<{ errors: { path: string }[] }>().errors.map(({ path }) => path),
      ["requestDelayMs", "requestFailures", "seconds", ""],
    );
  });

  it("are told in the log", async () => {
    await ask("PUT", { cacheAway: true, seconds: 5 });
    const line = shop.log.lines().findLast(({ event }) => event === "chaos");
    assert.deepEqual([line?.["level"], line?.["seconds"], line?.["cacheAway"]], ["warn", 5, true]);
    assert.ok(!shop.log.text().includes(TOKEN));
  });
});

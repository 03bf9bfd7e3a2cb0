import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { connect } from "node:net";
import type { AddressInfo } from "node:net";
import { SHOP } from "../support/process.ts";
import { openShop, type TestShop } from "../support/shop.ts";

describe("the shop's assets", () => {
  let shop: TestShop;
  let base: string;
  before(async () => {
    shop = await openShop();
    [base = ""] = /\/assets\/[0-9a-f]{10}/.exec((await shop.app.inject("/")).body) ?? [];
  });
  after(() => shop.close());

  it("are kept for a year under an address that changes with their content", async () => {
    const { statusCode, headers, body } = await shop.app.inject(`${base}/style.css`);
    assert.equal(statusCode, 200);
    assert.equal(headers["content-type"], "text/css; charset=utf-8");
    assert.equal(headers["cache-control"], "public, max-age=31536000, immutable");
    assert.equal(body, readFileSync(join(SHOP, "public/style.css"), "utf8"));
  });

  it("are found under another version's address as well, and then kept for a minute", async () => {
    const { statusCode, headers } = await shop.app.inject("/assets/0123456789/style.css");
    assert.equal(statusCode, 200);
    assert.equal(headers["cache-control"], "public, max-age=60");
  });

  it("are all that a page names", async () => {
    for (const url of ["/", "/products/oat-mug", "/login"]) {
      const { body } = await shop.app.inject(url);
      for (const [asset] of body.matchAll(/\/assets\/[^"]+/g))
        assert.equal((await shop.app.inject(asset)).statusCode, 200, asset);
    }
  });

  it("are a drawing for each product, and none without a product", async () => {
    const { items } = (await shop.app.inject("/api/products?limit=100")).json<{ items: { id: string }[] }>();
    assert.deepEqual(
      readdirSync(join(SHOP, "public/products")).toSorted(),
      [...items.map(({ id }) => `${id}.svg`), "none.svg"].toSorted(),
    );
  });

  it("are drawings that show on their own and name nothing of elsewhere", () => {
    for (const file of readdirSync(join(SHOP, "public/products"))) {
      const svg = readFileSync(join(SHOP, "public/products", file), "utf8");
      assert.match(svg, /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" viewBox="0 0 400 400">/);
      assert.ok(!/<script|href|<style|<image|<foreignObject/.test(svg), file);
      assert.ok(svg.length < 12_000, file);
    }
  });

  for (const path of [
    "/assets/x/../../package.json",
    "/assets/x/..%2f..%2fpackage.json",
    "/assets/x/%2e%2e/%2e%2e/package.json",
    "/assets/x/....//package.json",
    "/assets/x/..\\..\\package.json",
    "/assets/x//etc/passwd",
    "/assets/x/products/../../src/main.ts",
    "/assets/../package.json",
    "/assets/x/style.css%00.svg",
    "/assets/x/.git/config",
    "/assets/x/products",
    "/assets/x/products/",
    "/assets/x/",
    "/assets/x",
    "/assets/x/none.css",
  ])
    it(`do not give away ${path}`, async () => {
      // As it is on the wire: a client library would tidy it up.
      const answer = await raw(shop, path);
      assert.match(answer, /^HTTP\/1\.1 (400|403|404) /);
      assert.ok(!answer.includes('"name": "shop"') && !answer.includes("root:"));
    });
});

/** What the shop answers to a request for this very path. */
async function raw(shop: TestShop, path: string): Promise<string> {
  if (!shop.app.server.listening) await shop.app.listen({ port: 0, host: "127.0.0.1" });
  const { port } = shop.app.server.address() as AddressInfo;
  return new Promise((resolve, reject) => {
    let text = "";
    const socket = connect(port, "127.0.0.1", () =>
      socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`),
    );
    socket.setEncoding("utf8").on("data", (data: string) => (text += data));
    socket.on("end", () => resolve(text)).on("error", reject);
  });
}

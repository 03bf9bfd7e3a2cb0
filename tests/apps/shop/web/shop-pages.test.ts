import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { PASSWORD } from "../support/customer.ts";
import { query } from "../support/postgres.ts";
import { openShop, type TestShop } from "../support/shop.ts";
import { Visitor } from "../support/visitor.ts";

describe("the pages of the shop", () => {
  let shop: TestShop;
  before(async () => (shop = await openShop()));
  after(() => shop.close());

  const loggedIn = async (): Promise<Visitor> => {
    const someone = new Visitor(shop.app);
    await someone.enter(`${randomUUID()}@example.com`, PASSWORD);
    return someone;
  };

  it("show every product with its drawing, name and price", async () => {
    const { statusCode, headers, body } = await shop.app.inject("/");
    assert.equal(statusCode, 200);
    assert.equal(headers["content-type"], "text/html; charset=utf-8");
    assert.equal(headers["cache-control"], "private, no-cache");
    const cards = [...body.matchAll(/<li><a href="\/products\/([a-z-]+)">/g)].map(([, id]) => id);
    assert.equal(cards.length, 24);
    for (const id of cards) assert.match(body, new RegExp(`/assets/[0-9a-f]{10}/products/${String(id)}\\.svg`));
    assert.match(body, /<h2>Quiet Teapot<\/h2>/);
    assert.match(body, /&#8364;89\.00/);
  });

  it("show a changed price and a lower stock at once", async () => {
    const change = (price: number, pieces: number): Promise<unknown> =>
      query(shop.databaseUrl, "UPDATE catalog.products SET price_cents = $1, stock = $2 WHERE id = 'harbour-pitcher'", [
        price,
        pieces,
      ]);
    const card = async (): Promise<string> => /Harbour Pitcher.*?<\/li>/s.exec((await shop.app.inject("/")).body)?.[0] ?? "";
    assert.match(await card(), /&#8364;56\.00<\/b><\/a>/);
    await change(5950, 130);
    assert.match(await card(), /&#8364;59\.50<\/b><\/a>/);
    await change(5950, 4);
    assert.match(await card(), /&#8364;59\.50<\/b> <span class="note">4 left<\/span>/);
    await change(5600, 0);
    assert.match(await card(), /&#8364;56\.00<\/b> <span class="note">Sold out<\/span>/);
    await change(5600, 130);
  });

  it("lead on to more products when there are more than 24, and to an end", async () => {
    await query(
      shop.databaseUrl,
      `INSERT INTO catalog.products (id, name, kind, summary, description, price_cents, stock)
       SELECT 'extra-' || n, 'Zz extra ' || n, 'Test', '', '', 100, 1 FROM generate_series(1, 3) AS n`,
    );
    const [, next] =
      /<a class="button" href="(\/\?after=[\w-]+)" rel="next">More stoneware<\/a>/.exec((await shop.app.inject("/")).body) ?? [];
    const { body } = await shop.app.inject(next ?? "");
    assert.equal([...body.matchAll(/<li><a href="\/products\//g)].length, 3);
    assert.ok(!body.includes('rel="next"'));
    // Nobody has drawn these.
    assert.match(body, /\/products\/none\.svg/);
    await query(shop.databaseUrl, "DELETE FROM catalog.products WHERE id LIKE 'extra-%'");
  });

  it("show a product, and the way to buy it", async () => {
    const { body } = await shop.app.inject("/products/oat-mug");
    assert.match(body, /<title>Oat Mug · Quiet Kiln<\/title>/);
    assert.match(body, /alt="Drawing of the Oat Mug"/);
    assert.match(body, /<a class="button" href="\/login\?next=\/products\/oat-mug">Log in to buy<\/a>/);
    assert.ok(!body.includes("<form"));
  });

  it("answer what there is not with a page for people", async () => {
    for (const url of ["/none", "/products/none", "/products/OAT", `/products/${"a".repeat(150)}`, "/?after=nonsense", "/%zz"]) {
      const answer = await shop.app.inject(url);
      assert.equal(answer.statusCode, url.includes("after") || url.includes("zz") ? 400 : 404, url);
      assert.equal(answer.headers["content-type"], "text/html; charset=utf-8");
      assert.match(answer.body, /<a class="button" href="\/">To the shop<\/a>/);
    }
  });

  it("show what stands in the database as text, never as markup", async () => {
    await query(
      shop.databaseUrl,
      `INSERT INTO catalog.products (id, name, kind, summary, description, price_cents, stock)
       VALUES ('evil', 'A <script>alert(1)</script>', '<b>', '"><img src=x onerror=alert(1)>', '</p><script>', 100, 5)`,
    );
    const someone = await loggedIn();
    const bought = await someone.submit("/products/evil", "/orders", { quantity: "1" });
    for (const url of ["/", "/products/evil", "/orders", String(bought.headers.location)]) {
      const { body } = await someone.get(url);
      assert.ok(!body.includes("<script") && !body.includes("<img src=x") && !body.includes("<b>"), url);
      assert.ok(body.includes("A &lt;script&gt;alert(1)&lt;/script&gt;"), url);
    }
    await query(shop.databaseUrl, "DELETE FROM catalog.products WHERE id = 'evil'");
  });

  it("tell of a fault of ours without saying more than its trace", async () => {
    await query(shop.databaseUrl, "ALTER TABLE catalog.products RENAME COLUMN summary TO resume");
    const page = await shop.app.inject("/products/oat-mug");
    const api = await shop.app.inject("/api/products/oat-mug");
    await query(shop.databaseUrl, "ALTER TABLE catalog.products RENAME COLUMN resume TO summary");
    assert.deepEqual([page.statusCode, api.statusCode], [500, 500]);
    const [, traceId] = /add the trace id <code>([0-9a-f]{32})<\/code>/.exec(page.body) ?? [];
    const logged = shop.log.lines().find(({ event, trace_id }) => event === "error" && trace_id === traceId);
    assert.equal(logged?.["message"], 'column "summary" does not exist');
    for (const { body } of [page, api]) assert.ok(!body.includes("summary") && !body.includes("column"));
  });

  it("have a policy that allows no script, no inline style and nothing of other sites", async () => {
    for (const url of ["/", "/login", "/none", "/api/products", "/healthz", "/assets/x/style.css"]) {
      const { headers } = await shop.app.inject(url);
      assert.equal(
        headers["content-security-policy"],
        "default-src 'none';style-src 'self';img-src 'self';form-action 'self';base-uri 'none';frame-ancestors 'none'",
        url,
      );
      assert.equal(headers["x-content-type-options"], "nosniff");
      assert.equal(headers["referrer-policy"], "same-origin");
      assert.equal(headers["x-powered-by"], undefined);
    }
    const { body } = await shop.app.inject("/");
    assert.ok(!/<script|style=|\son\w+=|<style/.test(body));
  });
});

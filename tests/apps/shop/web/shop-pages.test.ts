import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { PASSWORD } from "../support/customer.ts";
import { query } from "../support/postgres.ts";
import { openShop, type TestShop } from "../support/shop.ts";
import { hiddenFields, Visitor } from "../support/visitor.ts";

describe("the pages of the shop", () => {
  let shop: TestShop;
  before(async () => (shop = await openShop()));
  after(() => shop.close());

  const loggedIn = async (): Promise<Visitor> => {
    const someone = new Visitor(shop.app);
    await someone.enter(`${randomUUID()}@example.com`, PASSWORD);
    return someone;
  };
  const stock = async (id: string): Promise<unknown> =>
    (await query(shop.databaseUrl, "SELECT stock FROM catalog.products WHERE id = $1", [id]))[0]?.["stock"];

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

  it("sell a piece to somebody who is logged in, and show the order", async () => {
    const someone = await loggedIn();
    const answer = await someone.submit("/products/oat-mug", "/orders", { quantity: "2" });
    assert.equal(answer.statusCode, 303);
    assert.match(String(answer.headers.location), /^\/orders\/[0-9a-f-]{36}$/);
    const { body } = await someone.get(String(answer.headers.location));
    assert.match(body, /It is placed\./);
    assert.match(
      body,
      /<a href="\/products\/oat-mug">Oat Mug<\/a><\/td><td class="number">&#8364;26\.00<\/td><td class="number">2<\/td><td class="number">&#8364;52\.00/,
    );
    assert.match(body, /<strong>&#8364;52\.00<\/strong>/);
    assert.match((await someone.get("/orders")).body, /<strong>2 × Oat Mug<\/strong>/);
    assert.equal(await stock("oat-mug"), 478);
  });

  it("sell it once when the form is sent twice, as by an impatient double click", async () => {
    const someone = await loggedIn();
    const form = { ...hiddenFields((await someone.get("/products/fern-mug")).body, "/orders"), quantity: "1" };
    const [one, two] = await Promise.all([someone.post("/orders", form), someone.post("/orders", form)]);
    assert.equal(one.headers.location, two.headers.location);
    assert.equal(await stock("fern-mug"), 299);
  });

  it("sell it again from a page that was loaded again", async () => {
    const someone = await loggedIn();
    for (let count = 0; count < 2; count += 1) await someone.submit("/products/river-bowl", "/orders", { quantity: "1" });
    assert.equal(await stock("river-bowl"), 348);
  });

  it("offer no more than there is, and say how few are left", async () => {
    await query(shop.databaseUrl, "UPDATE catalog.products SET stock = 3 WHERE id = 'ember-teapot'");
    const { body } = await (await loggedIn()).get("/products/ember-teapot");
    assert.match(body, />3 left</);
    assert.deepEqual(
      [...body.matchAll(/<option value="(\d)">/g)].map(([, value]) => value),
      ["1", "2", "3"],
    );
  });

  it("sell nothing of what is sold out", async () => {
    await query(shop.databaseUrl, "UPDATE catalog.products SET stock = 0 WHERE id = 'fern-vase'");
    const { body } = await (await loggedIn()).get("/products/fern-vase");
    assert.match(body, /Sold out/);
    assert.match(body, /It is sold out\. The next firing is on its way\./);
    assert.ok(!body.includes('action="/orders"'));
  });

  it("say so on the product's page when somebody else was faster", async () => {
    const someone = await loggedIn();
    const form = hiddenFields((await someone.get("/products/fern-platter")).body, "/orders");
    await query(shop.databaseUrl, "UPDATE catalog.products SET stock = 1 WHERE id = 'fern-platter'");
    const answer = await someone.post("/orders", { ...form, quantity: "2" });
    assert.equal(answer.statusCode, 409);
    assert.match(answer.body, /role="alert" id="buy-error">Of Fern Platter, 1 are left\.</);
    assert.match(answer.body, /aria-describedby="buy-error"/);
    // The page carries a new key: the old one stands for the order that was refused.
    assert.notEqual(hiddenFields(answer.body, "/orders")["key"], form["key"]);
  });

  for (const [what, change] of [
    ["a quantity of nothing", { quantity: "0" }],
    ["a quantity below nothing", { quantity: "-1" }],
    ["a quantity that is no number", { quantity: "many" }],
    ["no quantity", { quantity: "" }],
    ["a quantity of 21", { quantity: "21" }],
    ["no product", { productId: "" }],
    ["a product that is a path", { productId: "../../etc/passwd" }],
    ["no key", { key: "" }],
  ] as const)
    it(`refuse ${what}`, async () => {
      const someone = await loggedIn();
      const form = { ...hiddenFields((await someone.get("/products/oat-bowl")).body, "/orders"), quantity: "1", ...change };
      const answer = await someone.post("/orders", form);
      assert.equal(answer.statusCode, 400);
      assert.match(answer.body, /Something in the address or the form is not as it should be\./);
      assert.equal(await stock("oat-bowl"), 420);
    });

  it("take no price from a form", async () => {
    const someone = await loggedIn();
    const answer = await someone.submit("/products/quiet-teapot", "/orders", {
      quantity: "1",
      priceCents: "1",
      unitPriceCents: "1",
      userId: randomUUID(),
    });
    assert.match((await someone.get(String(answer.headers.location))).body, /<strong>&#8364;89\.00<\/strong>/);
  });

  it("sell nothing without the hidden token", async () => {
    const someone = await loggedIn();
    const { _csrf: _, ...form } = hiddenFields((await someone.get("/products/oat-bowl")).body, "/orders");
    assert.equal((await someone.post("/orders", { ...form, quantity: "1" })).statusCode, 403);
    assert.equal(await stock("oat-bowl"), 420);
  });

  it("lead somebody whose session has ended over the log-in back to the piece", async () => {
    const someone = await loggedIn();
    const form = hiddenFields((await someone.get("/products/oat-bowl")).body, "/orders");
    someone.cookies.delete("session");
    const answer = await someone.post("/orders", { ...form, quantity: "1" });
    assert.deepEqual([answer.statusCode, answer.headers.location], [303, "/login?next=/products/oat-bowl"]);
    assert.equal(await stock("oat-bowl"), 420);
  });

  it("show nobody another's order", async () => {
    const [one, other] = [await loggedIn(), await loggedIn()];
    const { location } = (await one.submit("/products/oat-mug", "/orders", { quantity: "1" })).headers;
    for (const path of [String(location), `/orders/${randomUUID()}`, "/orders/1", "/orders/%00"]) {
      const answer = await other.get(path);
      assert.equal(answer.statusCode, 404, path);
      assert.match(answer.body, /<h1>There is no such order\.<\/h1>/);
    }
    assert.match((await other.get("/orders")).body, /There are none yet\./);
    const nobody = await new Visitor(shop.app).get(String(location));
    assert.deepEqual([nobody.statusCode, nobody.headers.location], [303, `/login?next=${String(location)}`]);
  });

  it("lead through more than twenty orders", async () => {
    const someone = await loggedIn();
    for (let count = 0; count < 21; count += 1) await someone.submit("/products/saffron-dip-bowl", "/orders", { quantity: "1" });
    const first = (await someone.get("/orders")).body;
    assert.equal([...first.matchAll(/<li><a href="\/orders\//g)].length, 20);
    const [, next] = /href="(\/orders\?before=[0-9a-f-]+)" rel="next"/.exec(first) ?? [];
    assert.equal([...(await someone.get(next ?? "")).body.matchAll(/<li><a href="\/orders\//g)].length, 1);
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

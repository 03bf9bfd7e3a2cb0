import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { PASSWORD } from "../support/customer.ts";
import { query } from "../support/postgres.ts";
import { openShop, type TestShop } from "../support/shop.ts";
import { hiddenFields, Visitor } from "../support/visitor.ts";

describe("buying on the pages", () => {
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
    someone.cookies.clear();
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
});

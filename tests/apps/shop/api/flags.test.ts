import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { createFlags, placeOf } from "../../../../apps/shop/src/modules/user/flags.ts";
import { type Customer, newCustomer, PASSWORD } from "../support/customer.ts";
import { query } from "../support/postgres.ts";
import { openShop, type TestShop } from "../support/shop.ts";
import { Visitor } from "../support/visitor.ts";

describe("features that can be switched", () => {
  let shop: TestShop;
  let operator: Customer;
  let customer: Customer;
  before(async () => {
    shop = await openShop();
    [operator, customer] = [await newCustomer(shop.app), await newCustomer(shop.app)];
    await shop.modules.auth.makeOperator(operator.email);
  });
  afterEach(() => query(shop.databaseUrl, "DELETE FROM users.flags").then(() => shop.modules.user.flags.give("send-back", 100)));
  after(() => shop.close());

  const give = (percent: unknown, who = operator, name = "send-back") => who.ask("PUT", `/api/flags/${name}`, { percent });
  const mine = async (): Promise<unknown> => (await customer.ask("GET", "/api/me/flags")).json();

  it("are on as usual until an operator says otherwise, and then at once", async () => {
    assert.deepEqual(await mine(), { "send-back": true });
    assert.deepEqual((await give(0)).json(), { "send-back": 0 });
    assert.deepEqual(await mine(), { "send-back": false });
    assert.deepEqual((await operator.ask("GET", "/api/flags")).json(), { "send-back": 0 });
  });

  it("are given to about as many people as was said, and to more only in addition", async () => {
    const people = Array.from({ length: 2_000 }, () => randomUUID());
    const flags = createFlags(shop.database);
    const having = async (percent: number): Promise<Set<string>> => {
      await flags.give("send-back", percent);
      const on = await Promise.all(people.map((person) => flags.isOn("send-back", person)));
      return new Set(people.filter((_, index) => on[index]));
    };
    const [few, many] = [await having(10), await having(60)];
    assert.ok(few.size > 120 && few.size < 290, String(few.size));
    assert.ok(many.size > 1_080 && many.size < 1_320, String(many.size));
    assert.ok(few.isSubsetOf(many));
    assert.equal((await having(0)).size, 0);
    assert.equal((await having(100)).size, 2_000);
  });

  it("find a person's place by name and person alone, another one for each feature", () => {
    const person = "0192f0c1-7b2e-7000-8000-000000000001";
    assert.equal(placeOf("send-back", person), placeOf("send-back", person));
    const places = new Set(Array.from({ length: 50 }, (_, index) => placeOf(`feature-${index}`, person)));
    assert.ok(places.size > 20, String(places.size));
  });

  it("are gone from the pages while they are off", async () => {
    const someone = new Visitor(shop.app);
    await someone.enter(`${randomUUID()}@example.com`, PASSWORD);
    const order = String((await someone.submit("/products/oat-mug", "/orders", { quantity: "1" })).headers.location);
    const csrf = /name="_csrf" value="([^"]+)"/.exec((await someone.get(order)).body)?.[1] ?? "";
    assert.match((await someone.get(order)).body, /Send it back/);
    await give(0);
    assert.doesNotMatch((await someone.get(order)).body, /Send it back/);
    assert.equal((await someone.post(`${order}/refund`, { _csrf: csrf })).statusCode, 404);
    await give(100);
    assert.equal((await someone.post(`${order}/refund`, { _csrf: csrf })).statusCode, 303);
  });

  it("are gone from the API, too", async () => {
    const { id } = (await customer.order([{ productId: "oat-mug", quantity: 1 }])).json<{ id: string }>();
    await give(0);
    const refused = await customer.ask("POST", `/api/orders/${id}/refund`);
    assert.deepEqual(
      [refused.statusCode, refused.json<{ title: string }>().title],
      [403, "Orders cannot be sent back at the moment."],
    );
    await give(100);
    assert.equal((await customer.ask("POST", `/api/orders/${id}/refund`)).statusCode, 202);
  });

  it("leave out what another version knows", async () => {
    await query(shop.databaseUrl, "INSERT INTO users.flags (name, percent) VALUES ('from-tomorrow', 50)");
    assert.deepEqual((await operator.ask("GET", "/api/flags")).json(), { "send-back": 100 });
  });

  it("are switched by operators alone", async () => {
    assert.equal((await give(0, customer)).statusCode, 403);
    assert.equal((await customer.ask("GET", "/api/flags")).statusCode, 403);
    for (const [method, url] of [
      ["GET", "/api/me/flags"],
      ["GET", "/api/flags"],
      ["PUT", "/api/flags/send-back"],
    ] as const)
      assert.equal((await shop.app.inject({ method, url })).statusCode, 401, url);
    assert.deepEqual(await mine(), { "send-back": true });
  });

  for (const [percent, name, status] of [
    [-1, "send-back", 400],
    [101, "send-back", 400],
    [0.5, "send-back", 400],
    ["50", "send-back", 400],
    [50, "no-such-feature", 404],
    [50, "constructor", 404],
  ] as const)
    it(`refuse ${JSON.stringify(percent)} for ${name} with ${status}`, async () => {
      assert.equal((await give(percent, operator, name)).statusCode, status);
    });
});

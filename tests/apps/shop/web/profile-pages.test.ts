import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { PASSWORD } from "../support/customer.ts";
import { openShop, type TestShop } from "../support/shop.ts";
import { hiddenFields, Visitor } from "../support/visitor.ts";

describe("the page of one's account", () => {
  let shop: TestShop;
  let someone: Visitor;
  before(async () => (shop = await openShop()));
  beforeEach(async () => {
    someone = new Visitor(shop.app);
    await someone.enter(`${randomUUID()}@example.com`, PASSWORD);
  });
  after(() => shop.close());

  const save = (fields: Readonly<Record<string, string>>) => someone.submit("/account", "/account", fields);

  it("shows what was said, and keeps what is changed", async () => {
    const before = (await someone.get("/account")).body;
    assert.match(before, /<option value="europe" selected>Europe</);
    assert.match(before, /id="orderMail" name="orderMail" type="checkbox" checked>/);
    const answer = await save({ name: "Ada", homeRegion: "north-america", news: "on" });
    assert.deepEqual([answer.statusCode, answer.headers.location], [303, "/account?saved=1"]);
    const { body } = await someone.get("/account?saved=1");
    assert.match(body, /role="status">Your settings are saved\.</);
    assert.match(body, /id="name" name="name" autocomplete="name" value="Ada"/);
    assert.match(body, /<option value="north-america" selected>North America</);
    assert.match(body, /id="orderMail" name="orderMail" type="checkbox">/);
    assert.match(body, /id="news" name="news" type="checkbox" checked>/);
  });

  it("says beside each field what is wrong, keeps what was typed, and saves nothing of it", async () => {
    const answer = await save({ name: "A\tda", homeRegion: "mars", orderMail: "on" });
    assert.equal(answer.statusCode, 422);
    assert.match(answer.body, /role="alert">Please correct what is marked below\.</);
    assert.match(answer.body, /id="name-fault">Use letters, digits, spaces and signs only\.</);
    assert.match(answer.body, /id="region-fault">Choose one of: europe, /);
    assert.match(answer.body, /value="A\tda"/);
    assert.match((await someone.get("/account")).body, /name="name" autocomplete="name" value=""/);
  });

  it("shows a name as text, never as markup", async () => {
    await save({ name: `"><script>alert(1)</script>`, homeRegion: "europe" });
    const { body } = await someone.get("/account");
    assert.ok(!body.includes("<script"));
    assert.match(body, /value="&quot;&gt;&lt;script&gt;alert\(1\)&lt;\/script&gt;"/);
  });

  it("takes no form without the hidden token, nor that of somebody else", async () => {
    const other = new Visitor(shop.app);
    await other.enter(`${randomUUID()}@example.com`, PASSWORD);
    const theirs = hiddenFields((await other.get("/account")).body, "/account");
    for (const token of [{}, theirs])
      assert.equal((await someone.post("/account", { name: "Eve", homeRegion: "europe", ...token })).statusCode, 403);
    assert.match((await someone.get("/account")).body, /name="name" autocomplete="name" value=""/);
  });

  it("is for those who are logged in", async () => {
    const nobody = new Visitor(shop.app);
    for (const answer of [await nobody.get("/account"), await nobody.post("/account", { name: "Eve" })])
      assert.deepEqual([answer.statusCode, answer.headers.location], [303, "/login?next=/account"]);
  });
});

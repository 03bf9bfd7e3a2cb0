import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { type Customer, newCustomer } from "../support/customer.ts";
import { query } from "../support/postgres.ts";
import { openShop, type TestShop } from "../support/shop.ts";

const USUAL = { name: "", homeRegion: "europe", orderMail: true, news: false };

describe("the API of one's own account", () => {
  let shop: TestShop;
  let customer: Customer;
  before(async () => (shop = await openShop()));
  beforeEach(async () => (customer = await newCustomer(shop.app)));
  after(() => shop.close());

  const me = async (who = customer): Promise<Record<string, unknown>> => (await who.ask("GET", "/api/me")).json();

  it("tells who somebody is, and the usual of what they have not said", async () => {
    const response = await customer.ask("GET", "/api/me");
    assert.equal(response.statusCode, 200);
    assert.equal(response.headers["cache-control"], "no-store");
    const { id, createdAt, ...rest } = response.json<Record<string, unknown>>();
    assert.deepEqual(rest, { email: customer.email, ...USUAL });
    assert.match(String(id), /^[0-9a-f-]{36}$/);
    assert.equal(new Date(String(createdAt)).toISOString(), createdAt);
  });

  it("changes what is named and nothing else", async () => {
    const changed = await customer.ask("PATCH", "/api/me", { name: "  Ada Lovelace ", news: true });
    assert.equal(changed.statusCode, 200);
    assert.equal(changed.json<Record<string, unknown>>()["name"], "Ada Lovelace");
    await customer.ask("PATCH", "/api/me", { homeRegion: "asia-pacific" });
    const { id: _, createdAt: __, email: ___, ...profile } = await me();
    assert.deepEqual(profile, { name: "Ada Lovelace", homeRegion: "asia-pacific", orderMail: true, news: true });
    await customer.ask("PATCH", "/api/me", { orderMail: false, news: false, name: "" });
    const { orderMail, news, name } = await me();
    assert.deepEqual({ orderMail, news, name }, { orderMail: false, news: false, name: "" });
  });

  it("loses no change when several come at once", async () => {
    await Promise.all([
      customer.ask("PATCH", "/api/me", { name: "Ada" }),
      customer.ask("PATCH", "/api/me", { homeRegion: "africa" }),
      customer.ask("PATCH", "/api/me", { news: true }),
      customer.ask("PATCH", "/api/me", { orderMail: false }),
    ]);
    const { name, homeRegion, news, orderMail } = await me();
    assert.deepEqual({ name, homeRegion, news, orderMail }, { name: "Ada", homeRegion: "africa", news: true, orderMail: false });
  });

  it("changes nobody else's", async () => {
    const other = await newCustomer(shop.app);
    const before = await me(other);
    await customer.ask("PATCH", "/api/me", { name: "Ada" });
    assert.deepEqual(await me(other), before);
  });

  it("takes a name in any script, and one of 80 characters", async () => {
    for (const name of [
      "Ὑπατία",
      "李清照",
      "Zoë O’Hara-Ñandú",
      "👩🏽‍🚀 Mae",
      "x".repeat(80),
      "Robert'); DROP TABLE users.profiles;--",
      "<b>Bold</b>",
    ])
      assert.equal((await customer.ask("PATCH", "/api/me", { name })).json<Record<string, unknown>>()["name"], name);
  });

  for (const [what, body, path, message] of [
    ["nothing", {}, "", "Name at least one of: name, homeRegion, orderMail, news."],
    ["a list", [], "", "Invalid input: expected object, received array"],
    ["a name that is too long", { name: "x".repeat(81) }, "name", "Use at most 80 characters."],
    ["a name with a NUL", { name: "A\0da" }, "name", "Use letters, digits, spaces and signs only."],
    ["a name of two lines", { name: "Ada\r\nBcc: x" }, "name", "Use letters, digits, spaces and signs only."],
    ["half a character", { name: "\ud800" }, "name", "Use letters, digits, spaces and signs only."],
    ["a name that turns the text around", { name: "a\u202eb" }, "name", "Use letters, digits, spaces and signs only."],
    ["no name at all", { name: null }, "name", "Enter a name, or nothing."],
    [
      "a region that there is not",
      { homeRegion: "mars" },
      "homeRegion",
      "Choose one of: europe, north-america, south-america, asia-pacific, africa.",
    ],
    ["a preference as text", { news: "true" }, "news", "Invalid input: expected boolean, received string"],
    ["an address of one's own", { email: "x@example.com", name: "x" }, "", 'Unrecognized key: "email"'],
    ["another person", { userId: randomUUID(), name: "x" }, "", 'Unrecognized key: "userId"'],
  ] as const)
    it(`refuses to change a profile to ${what}`, async () => {
      const response = await customer.ask("PATCH", "/api/me", body);
      assert.equal(response.statusCode, 400);
      assert.deepEqual(response.json<Record<string, unknown>>()["errors"], [{ path, message }]);
    });

  it("asks who it is before anything else", async () => {
    for (const method of ["GET", "PATCH"] as const)
      assert.equal((await shop.app.inject({ method, url: "/api/me", payload: {} })).statusCode, 401, method);
  });

  it("is no one's whose account was removed a moment ago", async () => {
    await query(shop.databaseUrl, "DELETE FROM auth.users WHERE email = $1", [customer.email]);
    assert.equal((await customer.ask("GET", "/api/me")).statusCode, 401);
  });
});

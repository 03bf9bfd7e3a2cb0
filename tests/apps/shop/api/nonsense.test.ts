import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import fc from "fast-check";
import type { InjectOptions } from "fastify";
import { type Customer, newCustomer, PASSWORD } from "../support/customer.ts";
import { openShop, type TestShop } from "../support/shop.ts";
import { hiddenFields, Visitor } from "../support/visitor.ts";

/** Enough to meet every kind of value below many times. */
const RUNS = 1_000;

/** Text of all kinds: whole alphabets, halves of characters, NULs, what databases and shells and templates have a meaning for, and things near to what is allowed. */
const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.string({ maxLength: 300 }),
  fc.constantFrom(
    "",
    "\0",
    "\ud800",
    "\u202e",
    "'",
    '"; --',
    "${7*7}",
    "<%= it %>",
    "../..",
    "%00",
    "NaN",
    "1e999",
    "-1",
    "oat-mug",
    "a@b.c",
    "__proto__",
  ),
  fc.uuid(),
);
const json = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.record({ email: text, password: text }),
  fc.record({ name: text, homeRegion: text, news: fc.oneof(fc.boolean(), text) }, { requiredKeys: [] }),
  fc.record({
    lines: fc.array(fc.record({ productId: text, quantity: fc.oneof(fc.integer(), fc.double(), text) }), { maxLength: 4 }),
  }),
);
const search = fc.dictionary(fc.constantFrom("after", "before", "limit", "next", "sort", "welcome", "x"), text);

describe("nonsense", function () {
  this.timeout(60_000);
  let shop: TestShop;
  let customer: Customer;
  /** Cookies and form token of somebody who is not logged in, and of somebody who is. */
  let people: { readonly cookie: string; readonly csrf: string }[];
  before(async () => {
    shop = await openShop();
    customer = await newCustomer(shop.app);
    const [nobody, somebody] = [new Visitor(shop.app), new Visitor(shop.app)];
    await somebody.enter(`${randomUUID()}@example.com`, PASSWORD);
    const forms = [
      hiddenFields((await nobody.get("/login")).body, "/login"),
      hiddenFields((await somebody.get("/")).body, "/logout"),
    ];
    people = [nobody, somebody].map(({ cookies }, index) => ({
      cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join("; "),
      csrf: forms[index]?.["_csrf"] ?? "",
    }));
  });
  after(() => shop.close());

  /** Answers nothing with a fault of ours, and says of each refusal what it is. */
  const check = async (request: InjectOptions): Promise<void> => {
    const { statusCode, body, headers } = await shop.app.inject(request);
    assert.ok(statusCode < 500, `${statusCode}: ${JSON.stringify(request)}\n${body}`);
    if (statusCode >= 400 && typeof request.url === "string" && request.url.startsWith("/api/")) {
      assert.equal(headers["content-type"], "application/problem+json; charset=utf-8");
      assert.equal((JSON.parse(body) as { status: number }).status, statusCode);
    }
  };
  const urlOf = (path: string, query: Record<string, string>): string => `${path}?${new URLSearchParams(query).toString()}`;
  /** As a header carries it: one line of Latin-1. */
  const inHeader = (value: string): string => value.replaceAll(/[^\x20-\x7e]/g, "~");

  it("as JSON is answered as a mistake of whoever sent it", async () => {
    const target = fc.constantFrom(
      ["POST", "/api/users"],
      ["POST", "/api/sessions"],
      ["POST", "/api/orders"],
      ["PATCH", "/api/me"],
    ) as fc.Arbitrary<["POST" | "PATCH", string]>;
    await fc.assert(
      fc.asyncProperty(target, json, text, async ([method, url], payload, key) => {
        const headers = {
          authorization: `Bearer ${customer.token}`,
          "idempotency-key": inHeader(key) || randomUUID(),
          "content-type": "application/json",
        };
        await check({ method, url, headers, payload: JSON.stringify(payload) });
      }),
      { numRuns: RUNS, seed: 1 },
    );
  });

  it("in an address is answered as a mistake of whoever typed it", async () => {
    const path = fc.oneof(
      fc.constantFrom("/", "/login", "/signup", "/orders", "/account", "/api/products", "/api/orders", "/api/jobs", "/api/me"),
      fc
        .tuple(fc.constantFrom("/products/", "/orders/", "/api/products/", "/api/orders/", "/api/jobs/", "/assets/x/", "/"), text)
        .map(([prefix, rest]) => prefix + encodeURIComponent(rest.toWellFormed())),
    );
    await fc.assert(
      fc.asyncProperty(path, search, fc.boolean(), async (where, query, loggedIn) => {
        const headers = loggedIn ? { authorization: `Bearer ${customer.token}`, cookie: `session=${customer.token}` } : {};
        await check({ method: "GET", url: urlOf(where, query), headers });
      }),
      { numRuns: RUNS, seed: 2 },
    );
  });

  it("in a form is answered as a mistake of whoever filled it in", async () => {
    const fields = fc.dictionary(
      fc.constantFrom("email", "password", "next", "productId", "quantity", "key", "name", "homeRegion", "news", "x"),
      text,
    );
    const person = fc.constantFrom(0, 1).map((index) => people[index] ?? { cookie: "", csrf: "" });
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom("/login", "/signup", "/orders", "/account"),
        fields,
        person,
        fc.boolean(),
        async (url, filled, { cookie, csrf }, honest) => {
          const payload = new URLSearchParams({ ...filled, _csrf: honest ? csrf : (filled["x"] ?? "") }).toString();
          await check({ method: "POST", url, payload, headers: { "content-type": "application/x-www-form-urlencoded", cookie } });
        },
      ),
      { numRuns: RUNS, seed: 3 },
    );
  });

  it("in headers is answered as if it were not there, or as a mistake", async () => {
    const name = fc.constantFrom(
      "authorization",
      "cookie",
      "traceparent",
      "if-none-match",
      "idempotency-key",
      "x-forwarded-for",
      "content-type",
      "accept",
      "host",
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom("/", "/orders", "/api/products", "/api/orders"),
        fc.dictionary(name, text.map(inHeader)),
        async (url, headers) => {
          await check({ method: "GET", url, headers });
        },
      ),
      { numRuns: RUNS, seed: 4 },
    );
  });

  it("has left nothing in the log that is a fault, nor an address of anybody", () => {
    assert.deepEqual(
      shop.log.lines().filter(({ level }) => level === "error"),
      [],
    );
    assert.ok(!shop.log.text().includes(customer.email));
  });
});

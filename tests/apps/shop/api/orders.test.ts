import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { type Customer, newCustomer } from "../support/customer.ts";
import { query } from "../support/postgres.ts";
import { openShop, type TestShop } from "../support/shop.ts";

interface Order {
  readonly id: string;
  readonly createdAt: string;
}

describe("the API of orders", () => {
  let shop: TestShop;
  let customer: Customer;
  before(async () => {
    shop = await openShop();
    customer = await newCustomer(shop.app);
  });
  after(() => shop.close());

  const stockOf = async (id: string): Promise<unknown> =>
    (await query(shop.databaseUrl, "SELECT stock FROM catalog.products WHERE id = $1", [id]))[0]?.["stock"];

  it("takes an order, and the stock down with it", async () => {
    const response = await customer.order([
      { productId: "oat-bowl", quantity: 2 },
      { productId: "quiet-teapot", quantity: 1 },
    ]);
    assert.equal(response.statusCode, 201);
    assert.equal(response.headers["cache-control"], "no-store");
    const { id, createdAt, ...order } = response.json<Order>();
    assert.equal(response.headers.location, `/api/orders/${id}`);
    assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    assert.equal(new Date(createdAt).toISOString(), createdAt);
    assert.deepEqual(order, {
      state: "placed",
      total: { cents: 14_300, currency: "EUR" },
      lines: [
        { productId: "oat-bowl", name: "Oat Bowl", quantity: 2, unitPrice: { cents: 2700, currency: "EUR" } },
        { productId: "quiet-teapot", name: "Quiet Teapot", quantity: 1, unitPrice: { cents: 8900, currency: "EUR" } },
      ],
    });
    assert.equal(await stockOf("oat-bowl"), 418);
    assert.equal(await stockOf("quiet-teapot"), 59);
    assert.deepEqual((await customer.ask("GET", `/api/orders/${id}`)).json(), { id, createdAt, ...order });
  });

  it("keeps the name and price of the moment", async () => {
    const { id } = (await customer.order([{ productId: "river-bowl", quantity: 1 }])).json<Order>();
    await query(shop.databaseUrl, "UPDATE catalog.products SET name = 'Renamed', price_cents = 1 WHERE id = 'river-bowl'");
    const { lines } = (await customer.ask("GET", `/api/orders/${id}`)).json<{ lines: unknown[] }>();
    assert.deepEqual(lines, [
      { productId: "river-bowl", name: "River Bowl", quantity: 1, unitPrice: { cents: 3200, currency: "EUR" } },
    ]);
  });

  it("gives the same order for the same key, and takes the stock once", async () => {
    const key = randomUUID();
    const lines = [{ productId: "fern-mug", quantity: 3 }];
    const first = await customer.order(lines, key);
    const again = await customer.order(lines, key);
    assert.equal(again.statusCode, 201);
    assert.deepEqual(again.json(), first.json());
    assert.equal(await stockOf("fern-mug"), 297);
  });

  it("refuses a key that was used for another order", async () => {
    const key = randomUUID();
    await customer.order([{ productId: "dusk-tumbler", quantity: 1 }], key);
    const response = await customer.order([{ productId: "dusk-tumbler", quantity: 2 }], key);
    assert.equal(response.statusCode, 422);
    const { type, title, detail } = response.json<Record<string, unknown>>();
    assert.equal(type, "urn:problem:shop:idempotency-key-reused");
    assert.equal(title, "This Idempotency-Key was used for another order.");
    assert.equal(detail, "Send a new key for a new order.");
    assert.equal(await stockOf("dusk-tumbler"), 409);
  });

  it("lets two people use the same key", async () => {
    const [other, key] = [await newCustomer(shop.app), randomUUID()];
    const lines = [{ productId: "saffron-creamer", quantity: 1 }];
    const [mine, theirs] = [await customer.order(lines, key), await other.order(lines, key)];
    assert.notEqual(mine.json<Order>().id, theirs.json<Order>().id);
    assert.equal(await stockOf("saffron-creamer"), 338);
  });

  it("refuses more than there is, takes nothing of anything, and answers the same when asked again", async () => {
    const key = randomUUID();
    const lines = [
      { productId: "chalk-candlestick", quantity: 5 },
      { productId: "quiet-teapot", quantity: 20 },
    ];
    await query(shop.databaseUrl, "UPDATE catalog.products SET stock = 3 WHERE id = 'quiet-teapot'");
    const refused = await customer.order(lines, key);
    assert.equal(refused.statusCode, 409);
    const { type, detail } = refused.json<Record<string, unknown>>();
    assert.equal(type, "urn:problem:shop:out-of-stock");
    assert.equal(detail, "Of Quiet Teapot, 3 are left.");
    assert.equal(await stockOf("chalk-candlestick"), 280);
    await query(shop.databaseUrl, "UPDATE catalog.products SET stock = 60 WHERE id = 'quiet-teapot'");
    assert.equal((await customer.order(lines, key)).statusCode, 409);
    assert.equal((await customer.order(lines)).statusCode, 201);
  });

  it("says of what is gone that it is sold out", async () => {
    await query(shop.databaseUrl, "UPDATE catalog.products SET stock = 0 WHERE id = 'fern-vase'");
    const response = await customer.order([{ productId: "fern-vase", quantity: 1 }]);
    assert.equal(response.statusCode, 409);
    assert.equal(response.json<Record<string, unknown>>()["detail"], "Fern Vase is sold out.");
  });

  it("refuses a product that there is not", async () => {
    const response = await customer.order([{ productId: "gold-mug", quantity: 1 }]);
    assert.equal(response.statusCode, 422);
    const { type, detail } = response.json<Record<string, unknown>>();
    assert.equal(type, "urn:problem:shop:unknown-product");
    assert.equal(detail, 'No product has the id "gold-mug".');
  });

  it("lists a person's own orders, newest first, page by page", async () => {
    const buyer = await newCustomer(shop.app);
    const placed: string[] = [];
    for (let count = 0; count < 5; count += 1)
      placed.unshift((await buyer.order([{ productId: "saffron-dip-bowl", quantity: 1 }])).json<Order>().id);
    const pages: string[][] = [];
    let search = "?limit=2";
    for (;;) {
      const { items, next } = (await buyer.ask("GET", `/api/orders${search}`)).json<{ items: Order[]; next: string | null }>();
      pages.push(items.map(({ id }) => id));
      if (next === null) break;
      search = `?limit=2&before=${next}`;
    }
    assert.deepEqual(pages, [placed.slice(0, 2), placed.slice(2, 4), placed.slice(4)]);
  });

  it("shows nobody another's order, as if it never was", async () => {
    const { id } = (await customer.order([{ productId: "oat-mug", quantity: 1 }])).json<Order>();
    const other = await newCustomer(shop.app);
    const theirs = await other.ask("GET", `/api/orders/${id}`);
    const never = await other.ask("GET", `/api/orders/${randomUUID()}`);
    for (const response of [theirs, never]) {
      assert.equal(response.statusCode, 404);
      const { trace_id: _, ...problem } = response.json<Record<string, unknown>>();
      assert.deepEqual(problem, { type: "urn:problem:shop:not-found", title: "There is no such order.", status: 404 });
    }
    assert.deepEqual((await other.ask("GET", "/api/orders")).json(), { items: [], next: null });
    // Nor does it help to go on from another's order.
    assert.deepEqual((await other.ask("GET", `/api/orders?before=${id}`)).json(), { items: [], next: null });
  });

  it("asks who it is before anything else", async () => {
    for (const [method, url] of [
      ["POST", "/api/orders"],
      ["GET", "/api/orders"],
      ["GET", `/api/orders/${randomUUID()}`],
    ] as const) {
      const response = await shop.app.inject({ method, url });
      assert.equal(response.statusCode, 401, `${method} ${url}`);
      assert.equal(response.json<Record<string, unknown>>()["title"], "Log in first.");
    }
  });

  const bowl = { productId: "oat-bowl", quantity: 1 };
  for (const [what, body, path, message] of [
    ["no lines", {}, "lines", "Invalid input: expected array, received undefined"],
    ["an empty order", { lines: [] }, "lines", "Too small: expected array to have >=1 items"],
    [
      "21 lines",
      { lines: Array.from({ length: 21 }, (_, index) => ({ ...bowl, productId: `p-${index}` })) },
      "lines",
      "Too big: expected array to have <=20 items",
    ],
    ["a product twice", { lines: [bowl, bowl] }, "lines", "Name each product once."],
    ["nothing of it", { lines: [{ ...bowl, quantity: 0 }] }, "lines.0.quantity", "Choose at least 1."],
    ["less than nothing", { lines: [{ ...bowl, quantity: -1 }] }, "lines.0.quantity", "Choose at least 1."],
    ["21 of it", { lines: [{ ...bowl, quantity: 21 }] }, "lines.0.quantity", "Choose at most 20."],
    ["half of it", { lines: [{ ...bowl, quantity: 0.5 }] }, "lines.0.quantity", "Choose a whole number."],
    ["a number as text", { lines: [{ ...bowl, quantity: "1" }] }, "lines.0.quantity", "Choose a whole number."],
    [
      "a list as id",
      { lines: [{ ...bowl, productId: ["oat-bowl"] }] },
      "lines.0.productId",
      "Invalid input: expected string, received array",
    ],
    ["an id with a NUL", { lines: [{ ...bowl, productId: "oat\0" }] }, "lines.0.productId", "This is no id of a product."],
    ["half a character", { lines: [{ ...bowl, productId: "\ud800" }] }, "lines.0.productId", "This is no id of a product."],
    ["a price of one's own", { lines: [{ ...bowl, unitPriceCents: 1 }] }, "lines.0", 'Unrecognized key: "unitPriceCents"'],
    ["another's name", { lines: [bowl], userId: randomUUID() }, "", 'Unrecognized key: "userId"'],
    ["a list", [bowl], "", "Invalid input: expected object, received array"],
  ] as const)
    it(`refuses ${what}`, async () => {
      const response = await customer.ask("POST", "/api/orders", body, { "idempotency-key": randomUUID() });
      assert.equal(response.statusCode, 400);
      assert.deepEqual(response.json<Record<string, unknown>>()["errors"], [{ path, message }]);
    });

  it("names all faults at once", async () => {
    const lines = [
      { productId: "", quantity: 0 },
      { productId: 7, quantity: 99 },
    ];
    const response = await customer.ask("POST", "/api/orders", { lines }, { "idempotency-key": randomUUID() });
    assert.deepEqual(
      response.json<{ errors: { path: string }[] }>().errors.map(({ path }) => path),
      ["lines.0.productId", "lines.0.quantity", "lines.1.productId", "lines.1.quantity"],
    );
  });

  for (const [what, headers] of [
    ["no key", {}],
    ["an empty key", { "idempotency-key": "" }],
    ["a key with a blank", { "idempotency-key": "a b" }],
    ["a key of 256 characters", { "idempotency-key": "k".repeat(256) }],
  ] as const)
    it(`refuses ${what}`, async () => {
      const response = await customer.ask("POST", "/api/orders", { lines: [bowl] }, headers);
      assert.equal(response.statusCode, 400);
      assert.deepEqual(response.json<Record<string, unknown>>()["errors"], [
        { path: "Idempotency-Key", message: "Send a header of 1 to 255 visible characters, a new one for each order." },
      ]);
    });

  for (const search of ["?before=1", "?before=", "?limit=0", "?limit=101", `?before=${randomUUID()}&before=${randomUUID()}`])
    it(`refuses to list orders with ${search.slice(0, 20)}`, async () => {
      assert.equal((await customer.ask("GET", `/api/orders${search}`)).statusCode, 400);
    });
});

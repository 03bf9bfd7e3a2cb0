import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { subscriptions } from "../../../../apps/shop/src/background.ts";
import { type Catalog, createCatalog } from "../../../../apps/shop/src/modules/catalog/index.ts";
import type { Database } from "../../../../apps/shop/src/platform/database/database.ts";
import { newCustomer } from "../support/customer.ts";
import { databaseAt, migratedDatabase, query } from "../support/postgres.ts";
import { openShop, type TestShop } from "../support/shop.ts";
import { until, workUntil } from "../support/until.ts";

const RELAY = fileURLToPath(new URL("../support/killable-relay.ts", import.meta.url));

describe("what sells best", () => {
  let url: string;
  let database: Database;
  let catalog: Catalog;
  beforeEach(async () => {
    url = await migratedDatabase();
    database = databaseAt(url);
    catalog = createCatalog(database);
  });
  afterEach(() => database.close());

  const sold = async (): Promise<Record<string, unknown>> =>
    Object.fromEntries(
      (await query(url, "SELECT product_id, sold::int FROM catalog.popularity")).map((row) => [row["product_id"], row["sold"]]),
    );
  const event = (lines: readonly { productId: string; quantity: number }[]) => ({
    id: randomUUID(),
    at: new Date(),
    data: {
      orderId: randomUUID(),
      userId: randomUUID(),
      totalCents: 1,
      currency: "EUR",
      lines: lines.map((line) => ({ ...line, unitPriceCents: 1 })),
    },
  });

  it("is counted once when the same message comes three times, one after another or at once", async () => {
    const [listener] = subscriptions({
      catalog,
      billing: { requestInvoice: () => Promise.resolve() },
      analytics: { sold: () => Promise.resolve() },
    });
    assert.ok(listener);
    const [one, two] = [event([{ productId: "oat-mug", quantity: 2 }]), event([{ productId: "oat-mug", quantity: 5 }])];
    for (let count = 0; count < 3; count += 1) await listener.deliver(one);
    await Promise.all([1, 2, 3].map(() => listener.deliver(two)));
    assert.deepEqual(await sold(), { "oat-mug": 7 });
  });

  it("does not wait in a circle when two orders count the same products in another order", async () => {
    const ids = ["oat-mug", "fern-mug", "river-bowl"];
    const lines = ids.map((productId) => ({ productId, quantity: 1 }));
    await Promise.all(
      Array.from({ length: 30 }, (_, index) => catalog.countSold(randomUUID(), index % 2 === 0 ? lines : lines.toReversed())),
    );
    assert.deepEqual(await sold(), { "oat-mug": 30, "fern-mug": 30, "river-bowl": 30 });
  });

  it("counts nothing of a product that is gone", async () => {
    await catalog.countSold(randomUUID(), [
      { productId: "no-longer-made", quantity: 1 },
      { productId: "oat-mug", quantity: 1 },
    ]);
    assert.deepEqual(await sold(), { "oat-mug": 1 });
  });

  it("comes first, and products that sold nothing not at all", async () => {
    await catalog.countSold(randomUUID(), [
      { productId: "oat-mug", quantity: 2 },
      { productId: "fern-mug", quantity: 9 },
      { productId: "river-bowl", quantity: 2 },
    ]);
    assert.deepEqual(
      (await catalog.popular(10)).map(({ id }) => id),
      ["fern-mug", "oat-mug", "river-bowl"],
    );
    assert.deepEqual(
      (await catalog.popular(1)).map(({ id }) => id),
      ["fern-mug"],
    );
  });

  it("forgets messages that are three months old, and no younger ones", async () => {
    await catalog.countSold(randomUUID(), [{ productId: "oat-mug", quantity: 1 }]);
    await query(url, "UPDATE catalog.inbox SET heard_at = now() - interval '89 days'");
    await query(
      url,
      "INSERT INTO catalog.inbox SELECT 'count-sold', gen_random_uuid(), now() - interval '91 days' FROM generate_series(1, 5001)",
    );
    await catalog.sweep();
    assert.deepEqual(await query(url, "SELECT count(*)::int AS n FROM catalog.inbox"), [{ n: 1 }]);
  });

  describe("in the whole shop", function () {
    this.timeout(30_000);
    let shop: TestShop;
    beforeEach(async () => (shop = await openShop({ databaseUrl: url })));
    afterEach(() => shop.close());

    const delivered = async (): Promise<boolean> => (await query(url, "SELECT FROM billing.outbox")).length === 0;

    it("is what was ordered, and what the API and the page then show first", async () => {
      const customer = await newCustomer(shop.app);
      for (const [productId, quantity] of [
        ["oat-mug", 3],
        ["quiet-teapot", 9],
        ["fern-mug", 1],
        ["river-bowl", 2],
      ] as const)
        await customer.order([{ productId, quantity }]);
      // An order that is refused has sold nothing.
      await query(url, "UPDATE catalog.products SET stock = 0 WHERE id = 'dusk-tumbler'");
      assert.equal((await customer.order([{ productId: "dusk-tumbler", quantity: 20 }])).statusCode, 409);
      await workUntil(shop, delivered);
      assert.deepEqual(await sold(), { "oat-mug": 3, "quiet-teapot": 9, "fern-mug": 1, "river-bowl": 2 });
      const { items, next } = (await shop.app.inject("/api/products?sort=popular&limit=3")).json<{
        items: { id: string }[];
        next: unknown;
      }>();
      assert.deepEqual([items.map(({ id }) => id), next], [["quiet-teapot", "oat-mug", "river-bowl"], null]);
      const page = (await shop.app.inject("/")).body;
      const [shelf = "", rest = ""] = page.split("<h2>All pieces</h2>");
      assert.match(shelf, /<h2 id="popular">Bought most<\/h2>/);
      assert.deepEqual(
        [...shelf.matchAll(/href="\/products\/([a-z-]+)"/g)].map(([, id]) => id),
        ["quiet-teapot", "oat-mug", "river-bowl", "fern-mug"],
      );
      assert.equal([...rest.matchAll(/href="\/products\//g)].length, 24);
    });

    it("is no shelf of its own before four products have been sold", async () => {
      await (await newCustomer(shop.app)).order([{ productId: "oat-mug", quantity: 1 }]);
      await workUntil(shop, delivered);
      assert.ok(!(await shop.app.inject("/")).body.includes("Bought most"));
    });

    it("is counted once when the relay is killed between publish and mark", async () => {
      const customer = await newCustomer(shop.app);
      await customer.order([{ productId: "oat-mug", quantity: 2 }]);
      const relay: ChildProcess = spawn(process.execPath, [RELAY, url], { stdio: ["ignore", "pipe", "inherit"] });
      const [heard] = (await once(relay.stdout ?? relay, "data")) as [Buffer];
      assert.match(heard.toString(), /"event":"heard"/);
      assert.deepEqual(await sold(), { "oat-mug": 2 });
      relay.kill("SIGKILL");
      await once(relay, "exit");
      assert.equal(await delivered(), false);
      // Its lease is over.
      await query(url, "UPDATE billing.outbox SET due_at = now()");
      await workUntil(shop, delivered);
      assert.deepEqual(await sold(), { "oat-mug": 2 });
    });

    it("is known as soon as the order is placed, by the process that placed it", async () => {
      const customer = await newCustomer(shop.app);
      const stop = new AbortController();
      const working = shop.work(stop.signal);
      await customer.order([{ productId: "oat-mug", quantity: 1 }]);
      await until(async () => (await sold())["oat-mug"] === 1);
      stop.abort();
      await working;
    });
  });

  for (const [search, message] of [
    ["?sort=price", 'Invalid option: expected one of "name"|"popular"'],
    ["?sort=popular&after=WyJPYXQgTXVnIiwib2F0LW11ZyJd", "The popular ones have no further pages."],
  ] as const)
    it(`cannot be asked for with ${search}`, async () => {
      const shop = await openShop({ databaseUrl: url });
      const response = await shop.app.inject(`/api/products${search}`);
      assert.equal(response.statusCode, 400);
      assert.deepEqual(
        response.json<{ errors: { message: string }[] }>().errors.map((error) => error.message),
        [message],
      );
      await shop.close();
    });
});

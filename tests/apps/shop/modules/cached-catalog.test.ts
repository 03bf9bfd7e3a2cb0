import assert from "node:assert/strict";
import { newCustomer } from "../support/customer.ts";
import { query } from "../support/postgres.ts";
import { openShop, type TestShop } from "../support/shop.ts";
import { workUntil } from "../support/until.ts";

interface Product {
  readonly id: string;
  readonly stock: number;
}

describe("the catalogue with a cache", () => {
  let shop: TestShop;
  before(async () => (shop = await openShop({ environment: { CACHE_SECONDS: "300" } })));
  after(() => shop.close());

  const stock = async (id: string): Promise<number> => (await shop.app.inject(`/api/products/${id}`)).json<Product>().stock;
  const stockOnPage = async (id: string): Promise<number | undefined> =>
    (await shop.app.inject("/api/products")).json<{ items: Product[] }>().items.find((item) => item.id === id)?.stock;
  const setStock = (id: string, pieces: number): Promise<unknown> =>
    query(shop.databaseUrl, "UPDATE catalog.products SET stock = $2 WHERE id = $1", [id, pieces]);

  it("does not ask the database for what it has", async () => {
    assert.deepEqual([await stock("oat-mug"), await stockOnPage("oat-mug")], [480, 480]);
    await setStock("oat-mug", 7);
    assert.deepEqual([await stock("oat-mug"), await stockOnPage("oat-mug")], [480, 480]);
    assert.match((await shop.app.inject("/")).body, /Oat Mug/);
  });

  it("shows what is left of a product as soon as some of it was ordered", async () => {
    assert.equal(await stock("river-bowl"), 350);
    const customer = await newCustomer(shop.app);
    assert.equal((await customer.order([{ productId: "river-bowl", quantity: 2 }])).statusCode, 201);
    assert.equal(await stock("river-bowl"), 348);
  });

  it("asks again when it hears of an order that another process took", async () => {
    const customer = await newCustomer(shop.app);
    await customer.order([{ productId: "fern-mug", quantity: 1 }]);
    await stock("fern-mug");
    await setStock("fern-mug", 3);
    await workUntil(shop, async () => (await query(shop.databaseUrl, "SELECT FROM billing.outbox")).length === 0);
    assert.equal(await stock("fern-mug"), 3);
  });

  it("keeps no place for a product that is not there, nor for what cannot be one", async () => {
    const entries = async (): Promise<string | undefined> =>
      /^cache_entries (\d+)$/m.exec((await shop.app.inject("/metrics")).body)?.[1];
    const before = await entries();
    for (const id of ["not-there", "NOT AN ID", "x".repeat(190)])
      assert.equal((await shop.app.inject(`/api/products/${encodeURIComponent(id)}`)).statusCode, 404);
    assert.equal(await entries(), before);
  });
});

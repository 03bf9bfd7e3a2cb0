import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { type Billing, createBilling, type Placement } from "../../../../apps/shop/src/modules/billing/index.ts";
import { type Catalog, createCatalog } from "../../../../apps/shop/src/modules/catalog/index.ts";
import { createJobs, JobStore } from "../../../../apps/shop/src/modules/jobs/index.ts";
import { Bell } from "../../../../apps/shop/src/platform/bell.ts";
import type { Database } from "../../../../apps/shop/src/platform/database/database.ts";
import { databaseAt, migratedDatabase, query } from "../support/postgres.ts";
import { Wire } from "../support/wire.ts";

/** The order of a placement that worked. */
function orderOf(placement: Placement): string {
  assert.equal(placement.kind, "placed");
  return placement.order.id;
}

describe("orders under load", () => {
  let url: string;
  let database: Database;
  let catalog: Catalog;
  let billing: Billing;
  before(async () => {
    url = await migratedDatabase();
    database = databaseAt(url, 20);
    catalog = createCatalog(database);
    billing = createBilling({ database, catalog, jobs: createJobs(new JobStore(database), new Bell()) });
  });
  after(() => database.close());

  const ask = async (text: string, values: unknown[]): Promise<number> =>
    (await database.query<{ n: number }>({ text, values })).rows[0]?.n ?? 0;
  const stock = (id: string): Promise<number> => ask("SELECT stock AS n FROM catalog.products WHERE id = $1", [id]);
  const setStock = (id: string, pieces: number): Promise<number> =>
    ask("UPDATE catalog.products SET stock = $2 WHERE id = $1", [id, pieces]);
  /** Pieces of a product in all placed orders. */
  const sold = (id: string): Promise<number> =>
    ask("SELECT sum(quantity)::int AS n FROM billing.order_lines WHERE product_id = $1", [id]);

  it("are placed once when one key comes twenty times at once", async () => {
    const [user, key, wanted] = [randomUUID(), randomUUID(), [{ productId: "oat-mug", quantity: 2 }]];
    const placements = await Promise.all(Array.from({ length: 20 }, () => billing.place(user, key, wanted)));
    assert.equal(new Set(placements.map(orderOf)).size, 1);
    assert.equal(await stock("oat-mug"), 478);
    assert.equal(await sold("oat-mug"), 2);
  });

  it("sell the last pieces to as many as there are, and refuse everybody else", async () => {
    await setStock("fern-platter", 7);
    const placements = await Promise.all(
      Array.from({ length: 25 }, () => billing.place(randomUUID(), randomUUID(), [{ productId: "fern-platter", quantity: 1 }])),
    );
    assert.equal(placements.filter(({ kind }) => kind === "placed").length, 7);
    for (const placement of placements.filter(({ kind }) => kind !== "placed")) {
      assert.equal(placement.kind, "refused");
      const { refusal } = placement;
      assert.deepEqual(refusal, { reason: "out-of-stock", productId: "fern-platter", name: "Fern Platter", available: 0 });
    }
    assert.equal(await stock("fern-platter"), 0);
  });

  it("do not wait for each other in a circle when they take the same products in another order", async () => {
    const [one, two] = [
      { productId: "chalk-dinner-plate", quantity: 1 },
      { productId: "oat-side-plate", quantity: 1 },
    ];
    await Promise.all(
      Array.from({ length: 30 }, (_, index) =>
        billing.place(randomUUID(), randomUUID(), index % 2 === 0 ? [one, two] : [two, one]).then(orderOf),
      ),
    );
    assert.equal(await stock("chalk-dinner-plate"), 470);
    assert.equal(await stock("oat-side-plate"), 430);
  });

  it("never take more than there is, nor lose a piece, whatever is ordered at once", async () => {
    const products = ["saffron-dip-bowl", "ember-planter", "dusk-bud-vase"];
    const line = fc.record({ productId: fc.constantFrom(...products), quantity: fc.integer({ min: 1, max: 6 }) });
    const lines = fc.uniqueArray(line, { minLength: 1, maxLength: 3, selector: ({ productId }) => productId });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 15 }), { minLength: 3, maxLength: 3 }),
        fc.array(lines, { minLength: 1, maxLength: 12 }),
        async (stocks, orders) => {
          const before = await Promise.all(products.map(sold));
          for (const [index, id] of products.entries()) await setStock(id, stocks[index] ?? 0);
          const placements = await Promise.all(orders.map((wanted) => billing.place(randomUUID(), randomUUID(), wanted)));
          for (const [index, id] of products.entries()) {
            const bought = (await sold(id)) - (before[index] ?? 0);
            assert.equal(await stock(id), (stocks[index] ?? 0) - bought);
            const acknowledged = placements
              .flatMap((placement) => (placement.kind === "placed" ? placement.order.lines : []))
              .filter(({ productId }) => productId === id)
              .reduce((sum, { quantity }) => sum + quantity, 0);
            assert.equal(bought, acknowledged);
          }
        },
      ),
      { numRuns: 20, seed: 20_261_125 },
    );
  });

  it("are placed once, whichever answer of the database is lost", async () => {
    const wire = new Wire(url);
    const cut = databaseAt(await wire.open(), 1);
    const through = createBilling({
      database: cut,
      catalog: createCatalog(cut),
      jobs: createJobs(new JobStore(cut), new Bell()),
    });
    // One order needs fewer than 20 answers: each is lost in one round, and none in the last ones.
    await setStock("harbour-mug", 360);
    let losses = 0;
    for (let nth = 1; nth <= 20; nth += 1) {
      let answers = 0;
      wire.passes = () => {
        answers += 1;
        if (answers === nth) losses += 1;
        return answers !== nth;
      };
      const [user, key] = [randomUUID(), randomUUID()];
      const wanted = [{ productId: "harbour-mug", quantity: 1 }];
      const id = orderOf(await through.place(user, key, wanted));
      wire.passes = () => true;
      assert.equal(orderOf(await through.place(user, key, wanted)), id);
      assert.equal(await sold("harbour-mug"), nth, `answer ${nth} lost`);
      assert.equal(await stock("harbour-mug"), 360 - nth);
    }
    assert.ok(losses >= 10, `${losses} answers were lost`);
    await cut.close();
    wire.close();
  });

  describe("left half done by a process that ended", () => {
    const abandoned = async (wanted: readonly object[], seconds = 31): Promise<string> => {
      const id = randomUUID();
      await query(
        url,
        `INSERT INTO billing.orders (id, user_id, idempotency_key, requested, state, created_at)
         VALUES ($1, $2, $3, $4, 'pending', now() - make_interval(secs => $5))`,
        [id, randomUUID(), randomUUID(), JSON.stringify(wanted), seconds],
      );
      return id;
    };
    const stateOf = async (id: string): Promise<unknown> =>
      (await query(url, "SELECT state FROM billing.orders WHERE id = $1", [id]))[0]?.["state"];

    it("are finished after half a minute, before or after the stock was taken", async () => {
      await setStock("ember-teapot", 70);
      const [before, between] = [
        await abandoned([{ productId: "ember-teapot", quantity: 1 }]),
        await abandoned([{ productId: "ember-teapot", quantity: 2 }]),
      ];
      await catalog.reserve(between, [{ productId: "ember-teapot", quantity: 2 }]);
      assert.equal(await billing.settlePending(), 2);
      assert.deepEqual([await stateOf(before), await stateOf(between)], ["placed", "placed"]);
      assert.equal(await stock("ember-teapot"), 67);
      assert.equal(await sold("ember-teapot"), 3);
      assert.equal(await billing.settlePending(), 0);
    });

    it("are refused when there is not enough any more", async () => {
      await setStock("fern-vase", 0);
      const id = await abandoned([{ productId: "fern-vase", quantity: 1 }]);
      await billing.settlePending();
      assert.equal(await stateOf(id), "refused");
    });

    it("are left to the process that may still be at them", async () => {
      const id = await abandoned([{ productId: "oat-tea-caddy", quantity: 1 }], 20);
      assert.equal(await billing.settlePending(), 0);
      assert.equal(await stateOf(id), "pending");
    });

    it("do not keep others from being finished when one of them cannot be", async () => {
      await query(
        url,
        "INSERT INTO catalog.products (id, name, kind, summary, description, price_cents, stock) VALUES ('huge', 'Huge', 'Test', '', '', 2147483647, 1)",
      );
      const [wrong, right] = [
        await abandoned([{ productId: "huge", quantity: "many" }], 60),
        await abandoned([{ productId: "river-tea-bowl", quantity: 1 }]),
      ];
      await assert.rejects(billing.settlePending(), { name: "AggregateError", message: "1 of 2 orders could not be settled" });
      assert.deepEqual([await stateOf(wrong), await stateOf(right)], ["pending", "placed"]);
    });

    it("are finished once when two processes find them at once", async () => {
      await query(url, "DELETE FROM billing.orders WHERE state = 'pending'");
      const ids = await Promise.all(Array.from({ length: 10 }, () => abandoned([{ productId: "quiet-teapot", quantity: 1 }])));
      await Promise.all([billing.settlePending(), billing.settlePending(), billing.settlePending()]);
      for (const id of ids) assert.equal(await stateOf(id), "placed");
      assert.equal(await stock("quiet-teapot"), 50);
      assert.equal(await sold("quiet-teapot"), 10);
    });
  });
});

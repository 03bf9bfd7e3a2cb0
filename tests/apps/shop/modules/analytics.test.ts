import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { type Analytics, createAnalytics } from "../../../../apps/shop/src/modules/analytics/index.ts";
import type { Database } from "../../../../apps/shop/src/platform/database/database.ts";
import { newCustomer } from "../support/customer.ts";
import { databaseAt, migratedDatabase, query } from "../support/postgres.ts";
import { openShop } from "../support/shop.ts";
import { workUntil } from "../support/until.ts";

/** A Wednesday, a quarter past one at night. */
const NOW = new Date("2030-05-15T01:15:00Z");

describe("what was sold", () => {
  let url: string;
  let database: Database;
  let analytics: Analytics;
  beforeEach(async () => {
    url = await migratedDatabase();
    database = databaseAt(url);
    analytics = createAnalytics(database);
    await analytics.keep(NOW);
  });
  afterEach(() => database.close());

  const sale = (at: string, lines: readonly (readonly [string, number, number])[], eventId = randomUUID()) => ({
    eventId,
    at: new Date(at),
    lines: lines.map(([productId, quantity, unitPriceCents]) => ({ productId, quantity, unitPriceCents })),
  });
  const rows = (text: string) => query(url, text);
  const partitions = async (): Promise<string[]> =>
    (
      await rows(
        "SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = 'analytics.events'::regclass ORDER BY 1",
      )
    ).map(({ name }) => String(name).replace("analytics.events_", ""));

  it("is counted by the hour, once however often it is told, also at once", async () => {
    const once = sale("2030-05-14T10:20:00Z", [
      ["oat-mug", 2, 2600],
      ["fern-mug", 1, 2900],
    ]);
    await Promise.all([analytics.sold(once), analytics.sold(once), analytics.sold(once)]);
    await analytics.sold(sale("2030-05-14T10:59:59Z", [["oat-mug", 1, 2600]]));
    await analytics.sold(sale("2030-05-14T11:00:00Z", [["oat-mug", 1, 2600]]));
    assert.deepEqual(
      await rows(
        "SELECT hour AT TIME ZONE 'UTC' = '2030-05-14 10:00' AS ten, orders, pieces::int, revenue_cents::int AS cents FROM analytics.hours ORDER BY hour",
      ),
      [
        { ten: true, orders: 2, pieces: 4, cents: 10_700 },
        { ten: false, orders: 1, pieces: 1, cents: 2_600 },
      ],
    );
    assert.equal((await rows("SELECT FROM analytics.events")).length, 4);
  });

  it("loses nothing when many sales of the same products come at once", async () => {
    const products = ["a", "b", "c"];
    await Promise.all(
      Array.from({ length: 40 }, (_, index) => {
        const lines = (index % 2 === 0 ? products : products.toReversed()).map((id) => [id, 1, 100] as const);
        return analytics.sold(sale("2030-05-14T10:20:00Z", lines));
      }),
    );
    const [day] = await analytics.days(2, NOW);
    assert.deepEqual([day?.orders, day?.pieces, day?.revenueCents], [40, 120, 12_000]);
  });

  it("is given by days, the oldest first, today included", async () => {
    await analytics.sold(sale("2030-05-13T23:59:59Z", [["a", 1, 100]]));
    await analytics.sold(sale("2030-05-14T00:00:00Z", [["a", 2, 100]]));
    await analytics.sold(sale("2030-05-15T01:00:00Z", [["a", 3, 100]]));
    assert.deepEqual(
      (await analytics.days(2, NOW)).map(({ starts, pieces }) => [starts.toISOString(), pieces]),
      [
        ["2030-05-14T00:00:00.000Z", 2],
        ["2030-05-15T00:00:00.000Z", 3],
      ],
    );
  });

  it("knows nothing of who bought it", async () => {
    const columns = await rows(
      "SELECT column_name AS name FROM information_schema.columns WHERE table_schema = 'analytics' AND column_name ~ 'user|mail|name$'",
    );
    assert.deepEqual(columns, []);
  });

  describe("is kept in a partition for each day", () => {
    it("from ninety days ago to a week ahead; older ones go as a whole, and what was counted stays", async () => {
      assert.deepEqual(
        [(await partitions()).length, (await partitions()).at(0), (await partitions()).at(-1)],
        [98, "20300214", "20300522"],
      );
      await analytics.sold(sale("2030-02-14T10:00:00Z", [["a", 1, 100]]));
      await analytics.keep(new Date("2030-05-16T00:00:00Z"));
      assert.deepEqual([(await partitions()).at(0), (await partitions()).at(-1)], ["20300215", "20300523"]);
      assert.deepEqual(await rows("SELECT FROM analytics.events"), []);
      assert.equal((await rows("SELECT FROM analytics.hours")).length, 1);
    });

    it("made once when several processes make them at once", async () => {
      const later = new Date("2030-06-30T00:00:00Z");
      await Promise.all([analytics.keep(later), analytics.keep(later), analytics.keep(later)]);
      assert.equal((await partitions()).length, 98);
    });

    it("and a question for a day reads that day alone", async () => {
      const plan = JSON.stringify(
        await rows(
          "EXPLAIN SELECT sum(pieces) FROM analytics.events WHERE at >= '2030-05-14T00:00Z' AND at < '2030-05-15T00:00Z'",
        ),
      );
      assert.deepEqual([...new Set(plan.match(/events_\d{8}/g))], ["events_20300514"]);
    });
  });

  describe("is reported", () => {
    it("for the day and the week that ended, with those before and what sold best", async () => {
      for (const [at, product, pieces] of [
        ["2030-05-14T12:00:00Z", "oat-mug", 3],
        ["2030-05-14T23:30:00Z", "fern-mug", 1],
        ["2030-05-13T12:00:00Z", "fern-mug", 1],
        ["2030-05-12T23:59:59Z", "fern-mug", 5],
        ["2030-05-06T00:00:00Z", "oat-mug", 2],
        ["2030-05-05T23:59:59Z", "oat-mug", 7],
      ] as const)
        await analytics.sold(sale(at, [[product, pieces, 100]]));
      await analytics.makeReports(NOW);
      assert.deepEqual(await analytics.reports("day", 5), [
        {
          period: "day",
          starts: "2030-05-14",
          content: {
            orders: 2,
            pieces: 4,
            revenueCents: 400,
            before: { orders: 1, pieces: 1, revenueCents: 100 },
            top: [
              { productId: "oat-mug", pieces: 3, revenueCents: 300 },
              { productId: "fern-mug", pieces: 1, revenueCents: 100 },
            ],
          },
        },
      ]);
      const [week, ...others] = await analytics.reports("week", 5);
      assert.deepEqual([others, week?.starts], [[], "2030-05-06"]);
      assert.deepEqual(
        [week?.content.pieces, week?.content.before.pieces, week?.content.top.map(({ productId }) => productId)],
        [7, 7, ["fern-mug", "oat-mug"]],
      );
    });

    it("once, and not before the last sales of a day were told of", async () => {
      await analytics.makeReports(new Date("2030-05-15T00:59:59Z"));
      assert.deepEqual(
        (await analytics.reports("day", 5)).map(({ starts }) => starts),
        ["2030-05-13"],
      );
      await analytics.makeReports(NOW);
      await analytics.sold(sale("2030-05-14T12:00:00Z", [["a", 1, 100]]));
      await analytics.makeReports(NOW);
      assert.deepEqual(
        (await analytics.reports("day", 5)).map(({ starts, content }) => [starts, content.pieces]),
        [
          ["2030-05-14", 0],
          ["2030-05-13", 0],
        ],
      );
    });

    for (const [now, day, week] of [
      ["2030-05-13T12:00:00Z", "2030-05-12", "2030-05-06"],
      ["2030-05-12T12:00:00Z", "2030-05-11", "2030-04-29"],
    ] as const)
      it(`for the right days on ${now}`, async () => {
        await analytics.makeReports(new Date(now));
        assert.equal((await analytics.reports("day", 1))[0]?.starts, day);
        assert.equal((await analytics.reports("week", 1))[0]?.starts, week);
      });
  });

  it("comes from orders, by their events", async () => {
    const shop = await openShop({ databaseUrl: url });
    const customer = await newCustomer(shop.app);
    await customer.order([
      { productId: "oat-mug", quantity: 3 },
      { productId: "river-bowl", quantity: 1 },
    ]);
    // The days around NOW are not those of today.
    await analytics.keep();
    await workUntil(shop, async () => (await rows("SELECT FROM analytics.events")).length === 2);
    const [today] = await analytics.days(1);
    assert.deepEqual([today?.orders, today?.pieces, today?.revenueCents], [1, 4, 11_000]);
    await shop.close();
  });
});

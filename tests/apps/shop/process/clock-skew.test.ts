import assert from "node:assert/strict";
import { Shopper } from "../../../support/shopper.ts";
import { migratedDatabase, query } from "../support/postgres.ts";
import { ShopProcess } from "../support/process.ts";
import { sumsAgree } from "../support/sums.ts";
import { until } from "../support/until.ts";

const MODULE = new URL("../support/skewed-clock.ts", import.meta.url).href;

describe("processes whose clocks are five minutes apart", function () {
  this.timeout(60_000);

  it("know each other's people, lose and double no order, and do every job once", async () => {
    const url = await migratedDatabase();
    await query(url, "UPDATE catalog.products SET stock = 1000000");
    const start = (seconds: number): ShopProcess =>
      ShopProcess.on(url, { NODE_OPTIONS: `--import ${MODULE}`, CLOCK_SKEW_SECONDS: String(seconds) });
    const shops = [start(0), start(300)];
    const [base = "", ahead = ""] = await Promise.all(shops.map((shop) => shop.ready()));
    const times = shops.map((shop) => Date.parse(String(shop.lines()[0]?.["time"])));
    assert.ok((times[1] ?? 0) - (times[0] ?? 0) > 200_000);

    // Each account is made by one process and used at the other.
    const made = await Promise.all([Shopper.signUp(base), Shopper.signUp(ahead)]);
    const shoppers = [made[0].at(ahead), made[1].at(base)];
    const buyers = shoppers.map((shopper) => shopper.buyUntilStopped());
    await until(() => shoppers.every(({ acknowledged }) => acknowledged.size >= 10));
    for (const shopper of shoppers) shopper.stop();
    await Promise.all(buyers);
    for (const shopper of shoppers)
      assert.deepEqual([...(await shopper.orders())].toSorted(), [...shopper.acknowledged].toSorted());
    await sumsAgree(url);
    await until(async () => (await query(url, "SELECT FROM jobs.jobs WHERE state <> 'done'")).length === 0);
    for (const { attempts } of await query(url, "SELECT attempts FROM jobs.jobs")) assert.equal(attempts, 1);
    for (const shop of shops) {
      assert.deepEqual(
        shop.lines().filter(({ event }) => event === "error"),
        [],
      );
      assert.equal((await shop.end()).code, 0);
    }
  });
});

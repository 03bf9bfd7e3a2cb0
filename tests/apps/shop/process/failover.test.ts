import assert from "node:assert/strict";
import type { Postgres } from "../../../../apps/shop/dev/postgres.ts";
import { Shopper } from "../../../support/shopper.ts";
import { newCustomer } from "../support/customer.ts";
import { migrateAll, ownPostgres, query } from "../support/postgres.ts";
import { ShopProcess } from "../support/process.ts";
import { caughtUp, Endpoint, replicaOf } from "../support/replica.ts";
import { openShop } from "../support/shop.ts";
import { sumsAgree } from "../support/sums.ts";
import { until } from "../support/until.ts";

describe("the shop with a replica of its database", function () {
  this.timeout(120_000);
  let primary: Postgres;
  let replica: Postgres;
  before(async () => {
    // What is acknowledged is on both.
    primary = await ownPostgres({ parameters: { synchronous_standby_names: "*", synchronous_commit: "local" } });
    await query(primary.url("postgres"), "CREATE DATABASE shop");
    await migrateAll(primary.url("shop"));
    await query(primary.url("shop"), "UPDATE catalog.products SET stock = 1000000");
    replica = await replicaOf(primary);
    await query(primary.url("postgres"), "ALTER DATABASE shop SET synchronous_commit = on");
    await caughtUp(primary, replica);
  });
  after(() => Promise.all([primary.stop("kill"), replica.stop("kill")]));

  it("tells whoever writes how far a replica must have come to answer them, and heeds only what it has signed", async () => {
    const shop = await openShop({ databaseUrl: primary.url("shop"), environment: { DATABASE_READER_URL: replica.url("shop") } });
    try {
      await until(() => shop.database.replicaState()?.isNear === true);
      const customer = await newCustomer(shop.app);
      await query(replica.url("postgres"), "SELECT pg_wal_replay_pause()");
      // The replica acknowledges what it has received, and shows nothing of it.
      const ordered = await customer.order([{ productId: "oat-mug", quantity: 1 }]);
      assert.equal(ordered.statusCode, 201);
      const position = String(ordered.headers["read-after"]);
      assert.match(position, /^[0-9A-F]+\/[0-9A-F]+\.[\w-]{22}$/);
      const [cookie] = ordered.cookies.filter(({ name }) => name === "read-after");
      assert.deepEqual(
        { ...cookie },
        { name: "read-after", value: position, path: "/", httpOnly: true, sameSite: "Lax", maxAge: 30 },
      );
      const answered = (): number => shop.database.replicaState()?.answered ?? 0;
      const stock = async (headers: Record<string, string>): Promise<number> => {
        const response = await shop.app.inject({ url: "/api/products/oat-mug", headers });
        assert.deepEqual([response.statusCode, response.headers["read-after"]], [200, undefined]);
        return response.json<{ stock: number }>().stock;
      };
      const before = answered();
      assert.equal(await stock({ "read-after": position }), 999_999);
      assert.equal(await stock({ cookie: `read-after=${encodeURIComponent(position)}` }), 999_999);
      assert.equal(answered(), before);
      for (const forged of ["FFFFFFFF/0.AAAAAAAAAAAAAAAAAAAAAA", "FFFFFFFF/0", ".", "'; SELECT 1"])
        await stock({ "read-after": forged });
      await query(replica.url("postgres"), "SELECT pg_wal_replay_resume()");
      await until(async () => (assert.equal(await stock({ "read-after": position }), 999_999), answered() > before));
    } finally {
      await shop.close();
    }
  });

  it("loses and doubles no acknowledged order when the writer dies under load and the replica takes its place", async () => {
    await query(
      primary.url("shop"),
      "UPDATE catalog.products SET stock = 1000000 - coalesce((SELECT sum(quantity) FROM billing.order_lines WHERE product_id = products.id), 0)",
    );
    const [writer, reader] = [new Endpoint(primary), new Endpoint(replica)];
    const url = await writer.open("shop");
    const shop = ShopProcess.on(url, { DATABASE_READER_URL: await reader.open("shop"), CACHE_SECONDS: "0" });
    const base = await shop.ready();
    const shopper = await Shopper.signUp(base);
    const buyers = Array.from({ length: 4 }, () => shopper.buyUntilStopped());
    let out = false;
    const reads = new Set<number>();
    const browse = async (): Promise<void> => {
      while (!out) reads.add((await fetch(`${base}/api/products`)).status);
    };
    const browsing = browse();
    await until(() => shopper.acknowledged.size >= 20);
    await primary.stop("kill");
    await query(replica.url("postgres"), "SELECT pg_promote()");
    writer.lead(replica);
    const before = shopper.acknowledged.size;
    await until(() => shopper.acknowledged.size >= before + 20);
    shopper.stop();
    out = true;
    await Promise.all([...buyers, browsing]);
    assert.deepEqual([...(await shopper.orders())].toSorted(), [...shopper.acknowledged].toSorted());
    await sumsAgree(replica.url("shop"));
    // What may be read from the replica was answered throughout.
    assert.deepEqual([...reads], [200]);
    assert.equal((await shop.end()).code, 0);
    for (const endpoint of [writer, reader]) endpoint.close();
  });
});

import assert from "node:assert/strict";
import { Agent, request } from "node:http";
import type { Postgres } from "../../../../apps/shop/dev/postgres.ts";
import { Shopper } from "../../../support/shopper.ts";
import { migrateAll, migratedDatabase, ownPostgres, query } from "../support/postgres.ts";
import { ShopProcess } from "../support/process.ts";
import { sumsAgree } from "../support/sums.ts";
import { until } from "../support/until.ts";

describe("when the shop's parts fail", function () {
  this.timeout(60_000);

  describe("the database", () => {
    let postgres: Postgres;
    let url: string;
    let shop: ShopProcess;
    before(async () => {
      postgres = await ownPostgres();
      await query(postgres.url("postgres"), "CREATE DATABASE shop");
      url = postgres.url("shop");
      await migrateAll(url);
      await query(url, "UPDATE catalog.products SET stock = 1000000");
      // What is kept would be given out while the database is away.
      shop = ShopProcess.on(url, { CACHE_SECONDS: "0" });
    });
    after(async () => {
      await shop.end("SIGKILL");
      await postgres.stop("kill");
    });

    for (const how of ["kill", "fast"] as const)
      it(`loses and doubles no acknowledged order when it is ended by ${how === "kill" ? "SIGKILL" : "a restart"} under load`, async () => {
        const shopper = await Shopper.signUp(await shop.ready());
        const buyers = Array.from({ length: 6 }, () => shopper.buyUntilStopped());
        await until(() => shopper.acknowledged.size >= 30);
        for (let restart = 0; restart < 2; restart += 1) {
          await postgres.stop(how);
          await postgres.start();
          const before = shopper.acknowledged.size;
          await until(() => shopper.acknowledged.size >= before + 30);
        }
        shopper.stop();
        await Promise.all(buyers);
        assert.deepEqual((await shopper.orders()).size, shopper.acknowledged.size);
        assert.deepEqual([...(await shopper.orders())].toSorted(), [...shopper.acknowledged].toSorted());
        await sumsAgree(url);
      });

    it("makes the shop say that it is not ready while it is away, and never that it is dead", async () => {
      const base = await shop.ready();
      await postgres.stop("kill");
      const statusOf = async (path: string): Promise<number> => (await fetch(base + path)).status;
      while ((await statusOf("/readyz")) === 200);
      assert.deepEqual(await (await fetch(`${base}/readyz`)).json(), {
        status: "not ready",
        reason: "the database cannot be reached",
      });
      assert.equal(await statusOf("/healthz"), 200);
      const answer = await fetch(`${base}/api/products`);
      assert.deepEqual([answer.status, answer.headers.get("retry-after")], [503, "2"]);
      assert.equal(((await answer.json()) as { title: string }).title, "The shop is busy.");
      await postgres.start();
      while ((await statusOf("/readyz")) !== 200);
      assert.equal(await statusOf("/api/products"), 200);
    });
  });

  describe("the shop itself", () => {
    it("loses and doubles no acknowledged order when it is killed under load", async () => {
      const url = await migratedDatabase();
      await query(url, "UPDATE catalog.products SET stock = 1000000");
      const environment = { PORT: new URL(await firstAddress(url)).port };
      let shop = ShopProcess.on(url, environment);
      const shopper = await Shopper.signUp(await shop.ready());
      const buyers = Array.from({ length: 6 }, () => shopper.buyUntilStopped());
      await until(() => shopper.acknowledged.size >= 30);
      await shop.end("SIGKILL");
      const before = shopper.acknowledged.size;
      shop = ShopProcess.on(url, environment);
      await until(() => shopper.acknowledged.size >= before + 30);
      shopper.stop();
      await Promise.all(buyers);
      assert.deepEqual([...(await shopper.orders())].toSorted(), [...shopper.acknowledged].toSorted());
      await sumsAgree(url);
      await shop.end();
    });

    it("answers every request on SIGTERM that a load balancer still sends, and then ends with 0", async () => {
      const shop = ShopProcess.on(await migratedDatabase(), { DRAIN_SECONDS: "1" });
      const base = await shop.ready();
      const agent = new Agent({ keepAlive: true, maxSockets: 8 });
      const statuses: (number | string)[] = [];
      let out = false;
      // Each sends one request after the other until the balancer has taken the shop out, which it does at the first answer of /readyz that is not 200.
      const clients = Array.from({ length: 8 }, async () => {
        while (!out) statuses.push(await get(`${base}/`, agent));
      });
      await until(() => statuses.length >= 50);
      shop.signal("SIGTERM");
      while ((await get(`${base}/readyz`, agent)) === 200);
      const { status, reason } = (await (await fetch(`${base}/readyz`)).json()) as Record<string, unknown>;
      assert.deepEqual([status, reason], ["not ready", "shutting down"]);
      const asked = statuses.length;
      await until(() => statuses.length >= asked + 50);
      out = true;
      await Promise.all(clients);
      assert.deepEqual([...new Set(statuses)], [200]);
      assert.equal((await shop.ended).code, 0);
    });

    it("answers what is under way when it is told to stop at once", async () => {
      const shop = ShopProcess.on(await migratedDatabase());
      const base = await shop.ready();
      const asked = Array.from({ length: 4 }, () => postLogIn(base));
      // Each takes as long as a password takes to be compared.
      await until(() => shop.lines().length >= 2);
      await get(`${base}/healthz`, new Agent());
      shop.signal("SIGTERM");
      assert.deepEqual(await Promise.all(asked), [401, 401, 401, 401]);
      assert.equal((await shop.ended).code, 0);
    });
  });
});

/** A free port, as the address of a shop that has just ended there. */
async function firstAddress(url: string): Promise<string> {
  const shop = ShopProcess.on(url);
  const address = await shop.ready();
  await shop.end();
  return address;
}

function get(url: string, agent: Agent): Promise<number | string> {
  return new Promise((resolve) => {
    request(url, { agent }, (response) => {
      response.resume().on("end", () => resolve(response.statusCode ?? 0));
    })
      .on("error", (error) => resolve(error.message))
      .end();
  });
}

async function postLogIn(base: string): Promise<number> {
  const response = await fetch(`${base}/api/sessions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ email: "nobody@example.com", password: "guess" }),
  });
  return response.status;
}

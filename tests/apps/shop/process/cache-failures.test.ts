import assert from "node:assert/strict";
import { Shopper } from "../../../support/shopper.ts";
import { migratedDatabase, query } from "../support/postgres.ts";
import { ShopProcess } from "../support/process.ts";
import { RedisServer } from "../support/redis.ts";
import { SecretsManager } from "../support/secrets-manager.ts";
import { until } from "../support/until.ts";

const SECRET = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:shop-cache-AbCdEf";

/** How often the shared cache answered a question for a value. */
const ANSWERED = 'cache_operation_duration_seconds_count{operation="get",result="ok"}';

describe("when the cache fails under load", function () {
  this.timeout(120_000);
  const secretsManager = new SecretsManager();
  let redis: RedisServer;
  let url: string;
  let shops: ShopProcess[];
  let bases: string[];

  before(async () => {
    redis = await RedisServer.start();
    url = await migratedDatabase();
    await query(url, "UPDATE catalog.products SET stock = 1000000");
    secretsManager.secrets.set(SECRET, JSON.stringify({ password: redis.password }));
    const environment = {
      ...(await secretsManager.open()),
      NODE_EXTRA_CA_CERTS: redis.caFile,
      CACHE_ENDPOINT: `${RedisServer.host}:${redis.port}`,
      CACHE_SECRET_ARN: SECRET,
      // Short, so that there is always something to fetch.
      CACHE_SECONDS: "1",
    };
    shops = [ShopProcess.on(url, environment), ShopProcess.on(url, environment)];
    bases = await Promise.all(shops.map((shop) => shop.ready()));
  });
  after(async () => {
    await Promise.all(shops.map((shop) => shop.end("SIGKILL")));
    secretsManager.close();
    await redis.close();
  });

  it("fails no request and loses no order, whether it is cut off or says nothing any more, and is used again afterwards", async () => {
    const statuses = new Map<string, number>();
    let out = false;
    const paths = ["/", "/api/products", "/api/products/oat-mug", "/products/fern-vase", "/api/products?limit=5"];
    const readers = Array.from({ length: 4 }, async (_, reader) => {
      for (let turn = reader; !out; turn += 1) {
        const [base = "", path = ""] = [bases[turn % bases.length], paths[turn % paths.length]];
        const { status } = await fetch(base + path).then(async (response) => (await response.arrayBuffer(), response));
        statuses.set(`${status}`, (statuses.get(`${status}`) ?? 0) + 1);
      }
    });
    const shopper = await Shopper.signUp(bases[0] ?? "");
    const elsewhere = shopper.at(bases[1] ?? "");
    const buyers = [shopper.buyUntilStopped(), elsewhere.buyUntilStopped()];
    const acknowledged = (): string[] => [...shopper.acknowledged, ...elsewhere.acknowledged];

    await until(async () => (await sum(ANSWERED)) > 10);
    for (const fail of ["cut", "hold"] as const) {
      await (fail === "cut" ? redis.cut() : redis.hold());
      await until(async () => (await sum("cache_circuit_open")) === 2);
      const [read, ordered] = [total(statuses), acknowledged().length];
      await until(() => total(statuses) > read + 50 && acknowledged().length > ordered + 5);
      await (fail === "cut" ? redis.open() : redis.release());
      const answered = await sum(ANSWERED);
      await until(async () => (await sum("cache_circuit_open")) === 0);
      await until(async () => (await sum(ANSWERED)) > answered + 10);
    }
    for (const buyer of [shopper, elsewhere]) buyer.stop();
    out = true;
    await Promise.all([...readers, ...buyers]);
    assert.deepEqual([...statuses.keys()], ["200"]);
    assert.deepEqual([...(await shopper.orders())].toSorted(), acknowledged().toSorted());
  });

  it("writes neither the password nor a key into the log", () => {
    for (const shop of shops) assert.ok(!JSON.stringify(shop.lines()).includes(redis.password));
  });

  /** A metric over both processes. */
  async function sum(metric: string): Promise<number> {
    let found = 0;
    for (const base of bases)
      for (const line of (await (await fetch(`${base}/metrics`)).text()).split("\n"))
        if (line.startsWith(`${metric} `)) found += Number(line.slice(metric.length));
    return found;
  }
});

function total(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((all, count) => all + count, 0);
}

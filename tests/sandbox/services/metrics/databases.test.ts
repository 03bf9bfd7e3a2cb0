import assert from "node:assert/strict";
import type pg from "pg";
import type { Resource } from "../../../../sandbox/src/core/definition.ts";
import type { Load, ProcessLoad } from "../../../../sandbox/src/plane/process-load.ts";
import { processName } from "../../../../sandbox/src/plane/postgres.ts";
import { capacityFor } from "../../../../sandbox/src/services/rds/capacity.ts";
import { ClusterMetrics } from "../../../../sandbox/src/services/rds/cluster-metrics.ts";
import { serverName, serverOf, serverPortKey } from "../../../../sandbox/src/services/rds/types.ts";
import { eventually } from "../../plane/support.ts";
import { MeasuredCloud } from "./support.ts";

const GIB = 1024 ** 3;
const MINUTE_MS = 60_000;

describe("the capacity of a serverless database", () => {
  const range = { least: 0.5, most: 8, pauseAfterSeconds: 300 };
  const idle = { processors: 0, memoryBytes: 0, idleSeconds: 10_000 };

  for (const [what, changes, load, acu] of [
    ["is the least of the range without load", {}, {}, 0.5],
    ["is four ACU for a processor that is busy", {}, { processors: 1 }, 4],
    ["goes in steps of half an ACU, upwards", {}, { processors: 0.3 }, 1.5],
    ["is an ACU for two GiB of memory", {}, { memoryBytes: 6 * GIB }, 3],
    ["is the larger of what processors and memory ask for", {}, { processors: 0.5, memoryBytes: 6 * GIB }, 3],
    ["is the most of the range at most", {}, { processors: 64 }, 8],
    ["is no less than a larger least", { least: 2 }, {}, 2],
    ["is none once nobody has been connected for long enough, if the range begins at 0", { least: 0 }, { idleSeconds: 300 }, 0],
    ["is half an ACU before that", { least: 0 }, { idleSeconds: 299 }, 0.5],
  ] as const) {
    it(what, () => {
      assert.equal(capacityFor({ ...range, ...changes }, { ...idle, ...load }), acu);
    });
  }
});

/** The tests follow one database through its life; the last one takes its instance. */
describe("the metrics of a database of the sandbox", function () {
  this.timeout(60_000);
  const world = new MeasuredCloud();
  let cluster: Resource;
  let writer: Resource;
  before(async () => {
    await world.prepare();
    ({ cluster, writer } = await world.database());
    world.start();
  });
  after(() => world.end());

  const point = (name: string, dimensions: Readonly<Record<string, string>> = { DBClusterIdentifier: "shop" }) =>
    world.points("AWS/RDS", name, dimensions)[0];
  const NAMES = ["ACUUtilization", "CPUUtilization", "DatabaseConnections", "FreeableMemory", "ServerlessDatabaseCapacity"];

  /** Has a minute published in which the server used so much. */
  const work = async (used: Partial<ProcessLoad>): Promise<void> => {
    const name = processName(serverOf(cluster, writer));
    const idle = {
      name,
      pid: 1,
      state: "ready",
      restarts: 0,
      startedAt: 0,
      memoryBytes: 0,
      cpuSeconds: 0,
      frozen: false,
    } as const;
    const load: Load = { seconds: 60, processes: new Map([[name, { ...idle, ...used }]]) };
    await new ClusterMetrics(world.cloud).collect(load, world.cloud.now());
    world.cloud.pass(MINUTE_MS);
  };

  it("are these, by cluster and by instance, in these units", async () => {
    await world.minutes(1);
    assert.deepEqual(
      world.names("AWS/RDS"),
      NAMES.flatMap((name) =>
        ["DBClusterIdentifier,Role", "DBClusterIdentifier", "DBInstanceIdentifier"].map((dimensions) => `${name}{${dimensions}}`),
      ),
    );
    assert.deepEqual(world.units("AWS/RDS"), {
      ACUUtilization: "Percent",
      CPUUtilization: "Percent",
      DatabaseConnections: "Count",
      FreeableMemory: "Bytes",
      ServerlessDatabaseCapacity: "Count",
    });
    for (const name of NAMES) {
      const byRole = { DBClusterIdentifier: "shop", Role: "WRITER" };
      for (const dimensions of [{ DBInstanceIdentifier: "shop-1" }, byRole])
        assert.equal(point(name), point(name, dimensions), name);
    }
  });

  it("show the least capacity while it is idle", async () => {
    await world.minutes(1);
    assert.deepEqual([point("ServerlessDatabaseCapacity"), point("ACUUtilization")], [0.5, 6.25]);
    // The highest capacity, 8 ACU, has 16 GiB.
    assert.ok((point("FreeableMemory") ?? 0) > 15 * GIB, `${String(point("FreeableMemory"))} bytes`);
  });

  it("count the connections in PostgreSQL, without the sandbox's own", async () => {
    await world.minutes(1);
    assert.equal(point("DatabaseConnections"), 0);
    const [first, ...others] = await Promise.all([1, 2, 3].map(() => world.connect(cluster)));
    await world.minutes(1);
    assert.equal(point("DatabaseConnections"), 3);
    await first?.end();
    await eventually("PostgreSQL has let go of it", async () => (await sessions(others[0])) === 2);
    await world.minutes(1);
    assert.equal(point("DatabaseConnections"), 2);
    await Promise.all(others.map((client) => client.end()));
  });

  it("show no capacity five minutes after somebody was last seen connected, if it may be paused", async () => {
    world.cloud.world.setOutputs(cluster, { serverlessv2ScalingConfiguration: { minCapacity: 0, maxCapacity: 4 } });
    const client = await world.connect(cluster);
    await world.minutes(10);
    assert.equal(point("ServerlessDatabaseCapacity"), 0.5);
    await client.end();
    await world.minutes(4);
    assert.equal(point("ServerlessDatabaseCapacity"), 0.5);
    await world.minutes(1);
    assert.deepEqual([point("ServerlessDatabaseCapacity"), point("ACUUtilization"), point("DatabaseConnections")], [0, 0, 0]);
    const again = await world.connect(cluster);
    await world.minutes(1);
    assert.equal(point("ServerlessDatabaseCapacity"), 0.5);
    await again.end();
  });

  describe("of a minute's work", () => {
    afterEach(() => {
      world.cloud.world.put(cluster);
      world.cloud.world.put(writer);
    });

    it("are shares of the highest capacity of a serverless instance", async () => {
      world.cloud.world.put(cluster);
      await work({ cpuSeconds: 60, memoryBytes: 2 * GIB });
      assert.deepEqual(
        ["CPUUtilization", "ServerlessDatabaseCapacity", "ACUUtilization", "FreeableMemory"].map((name) => point(name)),
        [50, 4, 50, 14 * GIB],
      );
    });

    it("are shares of its class for any other, which has no capacity", async () => {
      world.cloud.world.setOutputs(writer, { instanceClass: "db.r8g.large" });
      await work({ cpuSeconds: 30, memoryBytes: GIB });
      assert.deepEqual([point("CPUUtilization"), point("FreeableMemory")], [25, 15 * GIB]);
      assert.deepEqual([point("ServerlessDatabaseCapacity"), point("ACUUtilization")], [undefined, undefined]);
    });

    for (const [what, used] of [
      ["starts", { state: "starting" }],
      ["waits for its next start", { state: "waiting", pid: undefined }],
      ["is frozen", { frozen: true }],
    ] as const) {
      it(`are none while the server ${what}`, async () => {
        await work(used);
        assert.deepEqual(
          NAMES.map((name) => point(name)),
          Array(5).fill(undefined),
        );
      });
    }
  });

  describe("whose server does not answer", () => {
    it("are all but its connections, and why is told", async () => {
      const port = await world.cloud.ports.of(serverPortKey(writer));
      await world.cloud.processes.stop(processName(serverOf(cluster, writer)), "SIGKILL");
      await assert.rejects(work({ cpuSeconds: 6 }), {
        message: `administering the database ${serverName(writer)} failed: connect ECONNREFUSED 127.0.0.1:${String(port)}`,
      });
      world.cloud.pass(MINUTE_MS);
      assert.deepEqual([point("CPUUtilization"), point("DatabaseConnections")], [5, undefined]);
    });
  });

  describe("without an instance", () => {
    it("are none", async () => {
      await world.stack.delete(writer);
      await world.minutes(1);
      assert.deepEqual(
        NAMES.map((name) => point(name)),
        Array(5).fill(undefined),
      );
    });
  });
});

async function sessions(client: pg.Client | undefined): Promise<number | undefined> {
  const sql = "SELECT count(*)::int AS count FROM pg_stat_activity WHERE backend_type = 'client backend'";
  return (await client?.query<{ count: number }>(sql))?.rows[0]?.count;
}

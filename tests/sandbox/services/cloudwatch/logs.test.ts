import assert from "node:assert/strict";
import { tailLogs, writeLogs } from "../../../../sandbox/src/services/cloudwatch/logs.ts";
import { closeCloudWatch } from "../../../../sandbox/src/services/cloudwatch/metrics.ts";
import { telemetry } from "../../../../sandbox/src/services/cloudwatch/telemetry.ts";
import { CloudWatchFixture, MINUTE, type } from "./support.ts";

describe("the lines of a workload", () => {
  let watch: CloudWatchFixture;
  beforeEach(() => (watch = new CloudWatchFixture()));
  afterEach(() => watch.end());
  const tail = (limit = 9, stream?: string): string[] =>
    tailLogs(watch.cloud, "/shop/app", limit, stream).map(({ message }) => message);

  it("come to their group and stream in order, and the last of them are shown", async () => {
    await watch.group();
    watch.log("one", "web/1");
    watch.log("two", "web/2");
    watch.log("");
    watch.log("three", "web/1");
    assert.deepEqual(
      [tail(), tail(2), tail(9, "web/1")],
      [
        ["one", "two", "three"],
        ["two", "three"],
        ["one", "three"],
      ],
    );
  });

  it("are there after the files were closed and opened again", async () => {
    await watch.group();
    watch.log("one");
    closeCloudWatch(watch.cloud);
    assert.deepEqual(tail(), ["one"]);
  });

  it("are lost without their group, which is said once", async () => {
    watch.log("one");
    watch.log("two");
    writeLogs(watch.cloud);
    watch.log("three");
    assert.deepEqual(tail(), []);
    assert.deepEqual(watch.cloud.notes, [
      "CloudWatch Logs has no group /shop/app: 2 line(s) of app were lost, and so are those to come",
    ]);
    await watch.group();
    watch.log("four");
    assert.deepEqual(tail(), ["four"]);
  });

  it("that wait when their group goes are no more, and nobody is told of it", async () => {
    const group = await watch.group();
    watch.log("waiting");
    await watch.stack.delete(group);
    writeLogs(watch.cloud);
    assert.deepEqual(watch.cloud.notes, []);
    await watch.group();
    assert.deepEqual(tail(), []);
  });

  it("go with their group, streams and all", async () => {
    const group = await watch.group();
    watch.log("one", "web/1");
    writeLogs(watch.cloud);
    await watch.stack.delete(group);
    await watch.group();
    assert.deepEqual([tail(), telemetry(watch.cloud).logs.streams("eu-central-1//shop/app")], [[], []]);
  });

  it("are cut at a megabyte, as CloudWatch takes no larger event", async () => {
    await watch.group();
    watch.log("x".repeat(1024 * 1024));
    assert.equal(tail()[0]?.length, 1024 * 1024 - 26);
  });

  it("that cannot be written are told of, and keep nothing else from being written", async () => {
    await watch.group();
    await watch.make(type.filter, "broken", {
      name: "broken",
      logGroupName: "/shop/app",
      pattern: "",
      metricTransformation: { namespace: "S", name: "N", value: "1" },
    });
    const row = watch.cloud.world.get(type.filter, "broken");
    assert.ok(row);
    // As an older sandbox might have left it.
    watch.cloud.world.put({ ...row, inputs: { ...row.inputs, pattern: "[a]" } });
    watch.log("one");
    writeLogs(watch.cloud);
    assert.match(
      watch.cloud.notes.join(),
      /^CloudWatch Logs could not take in 1 line\(s\) of \/shop\/app: Invalid filter pattern "\[a\]"/,
    );
  });

  for (const [days, left] of [
    [1, ["new"]],
    [3, ["new", "old"]],
    [0, ["new", "old"]],
  ] as const) {
    it(`of two days ago are ${left.length === 1 ? "gone" : "there"} where the group keeps them for ${days === 0 ? "ever" : `${String(days)} day(s)`}`, async () => {
      await watch.group({ retentionInDays: days });
      watch.log("old");
      writeLogs(watch.cloud);
      watch.cloud.pass(2 * 24 * 60 * MINUTE);
      watch.log("new");
      watch.alarms.evaluate();
      assert.deepEqual(tail().sort(), left);
    });
  }
});

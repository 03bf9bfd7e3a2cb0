import assert from "node:assert/strict";
import type { Props } from "../../../../sandbox/src/core/values.ts";
import { writeLogs } from "../../../../sandbox/src/services/cloudwatch/logs.ts";
import { settleMetrics } from "../../../../sandbox/src/services/cloudwatch/metrics.ts";
import { telemetry } from "../../../../sandbox/src/services/cloudwatch/telemetry.ts";
import { refused } from "../../support/refused.ts";
import { CloudWatchFixture, MINUTE, type } from "./support.ts";

const REGION = "eu-central-1";

describe("a metric filter of the sandbox", () => {
  let watch: CloudWatchFixture;
  beforeEach(async () => {
    watch = new CloudWatchFixture();
    await watch.group();
  });
  afterEach(() => watch.end());

  const filter = (transformation: Props, pattern = "{ $.event = request }", name = "requests") =>
    watch.make(type.filter, name, {
      name,
      logGroupName: "/shop/app",
      pattern,
      metricTransformation: { namespace: "Shop", name: "Requests", value: "1", ...transformation },
    });
  /** Statistics of `Shop Requests` by the minute since the start. */
  const published = (statistic = "Sum", dimensions: Record<string, string> = {}): (number | undefined)[] => {
    settleMetrics(watch.cloud);
    const start = Date.parse("2026-03-01T12:00:00Z");
    const metric = { namespace: "Shop", name: "Requests", dimensions, region: REGION };
    const minutes = telemetry(watch.cloud).metrics.read(metric, start, watch.cloud.now() + MINUTE);
    return [0, 1, 2].map((minute) => minutes.get(start + minute * MINUTE)?.statistic(statistic));
  };
  const request = (fields: object = {}): void => {
    watch.log(JSON.stringify({ event: "request", ...fields }));
  };

  it("counts the lines that match, minute by minute", async () => {
    await filter({});
    request();
    request();
    watch.log("no JSON");
    watch.log(JSON.stringify({ event: "start" }));
    writeLogs(watch.cloud);
    watch.cloud.pass(2 * MINUTE);
    request();
    assert.deepEqual(published(), [2, undefined, 1]);
  });

  it("takes a number out of each line, and passes over lines that have none there", async () => {
    await filter({ value: "$.ms", unit: "Milliseconds" });
    for (const ms of [120, "80", "fast", null, undefined, "", true, { a: 1 }]) request({ ms });
    assert.deepEqual([published()[0], published("SampleCount")[0]], [200, 2]);
    assert.deepEqual(telemetry(watch.cloud).metrics.list(0)[0]?.unit, "Milliseconds");
  });

  it("gives its default value for a minute in which lines came and none matched, once the minute is over", async () => {
    await filter({ defaultValue: "0" });
    watch.log("something else");
    writeLogs(watch.cloud);
    assert.deepEqual(published(), [undefined, undefined, undefined]);
    watch.cloud.pass(MINUTE);
    request();
    watch.log("something else");
    writeLogs(watch.cloud);
    watch.cloud.pass(2 * MINUTE);
    assert.deepEqual(published("SampleCount"), [1, 1, undefined]);
    assert.deepEqual(published(), [0, 1, undefined]);
  });

  it("gives its default value also where what matched had no number", async () => {
    await filter({ value: "$.ms", defaultValue: "-1" });
    request({ ms: "fast" });
    writeLogs(watch.cloud);
    watch.cloud.pass(MINUTE);
    assert.deepEqual(published()[0], -1);
  });

  it("makes a metric of its own for each value of its dimensions", async () => {
    await filter({ dimensions: { Path: "$.path", Status: "$.status" } });
    request({ path: "/", status: 200 });
    request({ path: "/", status: 200 });
    request({ path: "/", status: 500 });
    request({ path: "/cart" });
    assert.equal(published("Sum", { Path: "/", Status: "200" })[0], 2);
    assert.equal(published("Sum", { Path: "/", Status: "500" })[0], 1);
    assert.equal(published("Sum", { Path: "/cart" })[0], 1);
    assert.equal(published()[0], undefined);
  });

  it("counts no line that came before it, and none once it is deleted", async () => {
    request();
    writeLogs(watch.cloud);
    const made = await filter({});
    request();
    writeLogs(watch.cloud);
    await watch.stack.delete(made);
    request();
    assert.equal(published()[0], 1);
  });

  it("counts by its new pattern after a change", async () => {
    const made = await filter({});
    request();
    writeLogs(watch.cloud);
    const metricTransformation = { namespace: "Shop", name: "Requests", value: "10" };
    await watch.stack.update(made, "requests", {
      name: "requests",
      logGroupName: "/shop/app",
      pattern: "TIMEOUT",
      metricTransformation,
    });
    request();
    watch.log("TIMEOUT after 5 s");
    assert.equal(published()[0], 11);
  });

  it("publishes nothing in another region than its own", async () => {
    await filter({});
    request();
    settleMetrics(watch.cloud);
    const metric = { namespace: "Shop", name: "Requests", dimensions: {}, region: "us-east-1" };
    assert.equal(telemetry(watch.cloud).metrics.read(metric, 0, Number.MAX_SAFE_INTEGER).size, 0);
  });

  it("has a name that its group has once, while another group may have it too", async () => {
    const made = await filter({});
    assert.equal(made.id, "requests");
    await refused(filter({}), "ResourceAlreadyExistsException", "The metric filter requests of /shop/app exists already");
    await watch.make(type.group, "other", { name: "/shop/other" });
    const twin = {
      name: "requests",
      logGroupName: "/shop/other",
      pattern: "",
      metricTransformation: made.inputs["metricTransformation"] ?? {},
    };
    assert.equal((await watch.make(type.filter, "twin", twin)).id, "/shop/other:requests");
  });

  it("is one of 100 of its group at most", async () => {
    for (let index = 0; index < 100; index++) await filter({}, "", `f${String(index)}`);
    await refused(filter({}, "", "more"), "LimitExceededException", "Resource limit exceeded.");
  });

  it("needs its group", async () => {
    const inputs = {
      name: "f",
      logGroupName: "/gone",
      pattern: "",
      metricTransformation: { namespace: "S", name: "N", value: "1" },
    };
    await refused(watch.make(type.filter, "f", inputs), "ResourceNotFoundException", "The specified log group does not exist.");
  });

  it("goes with its group", async () => {
    const group = watch.cloud.world.get(type.group, "/shop/app");
    await filter({});
    assert.ok(group);
    await watch.stack.delete(group);
    assert.deepEqual(watch.cloud.world.all(type.filter), []);
  });

  for (const [transformation, pattern, fault] of [
    [
      { value: "one" },
      "{ $.a = 1 }",
      'Invalid metric transformation: metricValue "one" is neither a number nor a field such as $.ms.',
    ],
    [{ value: "$ms" }, "{ $.a = 1 }", 'Invalid metric transformation: "$ms" does not name a property; write $.name'],
    [{ defaultValue: "none" }, "{ $.a = 1 }", 'the default value "none" is not a number'],
    [
      { dimensions: { Path: "$.path" }, defaultValue: "0" },
      "{ $.a = 1 }",
      "Invalid metric transformation: dimensions and default value are mutually exclusive properties.",
    ],
    [
      { dimensions: { a: "$.a", b: "$.b", c: "$.c", d: "$.d" } },
      "{ $.a = 1 }",
      "a metric transformation takes 3 dimensions at most",
    ],
    [
      { dimensions: { Path: "path" } },
      "{ $.a = 1 }",
      'Invalid metric transformation: expected a property selector such as $.status at "path"',
    ],
    [
      { value: "$.ms" },
      "ERROR",
      "Invalid metric transformation: dimensions and values from fields need a pattern that reads fields, such as { $.ms = * }.",
    ],
    [{}, "[a, b]", 'Invalid filter pattern "[a, b]": the sandbox does not serve space-delimited patterns'],
  ] as const) {
    it(`is refused before anything is made: ${JSON.stringify(transformation)} of ${pattern}`, () => {
      const metricTransformation = { namespace: "Shop", name: "Requests", value: "1", ...transformation } as Props;
      const inputs = { name: "f", logGroupName: "/shop/app", pattern, metricTransformation };
      assert.deepEqual(watch.stack.faults(type.filter, "f", inputs), [`pattern: ${fault}`]);
    });
  }

  for (const [changes, fault] of [
    [{ name: "a:b" }, "name: \"a:b\" is not allowed: ':' and '*' are not"],
    [
      { metricTransformation: { namespace: "a$b", name: "N", value: "1" } },
      "metricTransformation.namespace: \"a$b\" is not allowed: ':', '*' and '$' are not",
    ],
  ] as const) {
    it(`refuses ${JSON.stringify(changes)}`, () => {
      const inputs = {
        name: "f",
        logGroupName: "/shop/app",
        pattern: "",
        metricTransformation: { namespace: "S", name: "N", value: "1" },
        ...changes,
      };
      assert.deepEqual(watch.stack.faults(type.filter, "f", inputs), [fault]);
    });
  }
});

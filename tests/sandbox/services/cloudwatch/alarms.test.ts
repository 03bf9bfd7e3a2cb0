import assert from "node:assert/strict";
import type { Props } from "../../../../sandbox/src/core/values.ts";
import { alarmStates } from "../../../../sandbox/src/services/cloudwatch/alarm-states.ts";
import { setAlarmState, startAlarms } from "../../../../sandbox/src/services/cloudwatch/alarms.ts";
import { putMetric } from "../../../../sandbox/src/services/cloudwatch/metrics.ts";
import { alarmInputs, CloudWatchFixture, MINUTE, type } from "./support.ts";

describe("an alarm of the sandbox", () => {
  let watch: CloudWatchFixture;
  beforeEach(() => {
    watch = new CloudWatchFixture();
    assert.ok(watch.alarms);
  });
  afterEach(() => watch.end());

  const state = (): string => alarmStates(watch.cloud)[0]?.state ?? "none";
  const reason = (): string => alarmStates(watch.cloud)[0]?.reason ?? "none";

  it("begins for want of data, fires when its threshold is crossed, and recovers", async () => {
    await watch.alarm();
    assert.deepEqual([state(), reason()], ["INSUFFICIENT_DATA", "Unchecked: Initial alarm creation"]);
    watch.minute(3, 3);
    assert.equal(state(), "ALARM");
    assert.equal(
      reason(),
      "Threshold Crossed: 1 out of the last 1 datapoints [6.0 (01/03/26 12:00:00)] was greater than the threshold (5.0) (minimum 1 datapoint for OK -> ALARM transition).",
    );
    watch.minute(5);
    assert.equal(state(), "OK");
    assert.equal(
      reason(),
      "Threshold Crossed: 1 out of the last 1 datapoints [5.0 (01/03/26 12:01:00)] was not greater than the threshold (5.0) (minimum 1 datapoint for ALARM -> OK transition).",
    );
  });

  it("looks only at minutes that are over", async () => {
    await watch.alarm();
    watch.publish("Errors", 100);
    watch.cloud.pass(MINUTE - 1);
    watch.alarms.evaluate();
    assert.equal(state(), "INSUFFICIENT_DATA");
    watch.cloud.pass(1);
    watch.alarms.evaluate();
    assert.equal(state(), "ALARM");
  });

  it("takes M breaching data points out of N, newest first in its reason", async () => {
    await watch.alarm({ evaluationPeriods: 3, datapointsToAlarm: 2 });
    for (const value of [9, 0, 8.25]) watch.minute(value);
    assert.equal(state(), "ALARM");
    assert.equal(
      reason(),
      "Threshold Crossed: 2 out of the last 3 datapoints [8.25 (01/03/26 12:02:00), 9.0 (01/03/26 12:00:00)] were greater than the threshold (5.0) (minimum 2 datapoints for OK -> ALARM transition).",
    );
    watch.minute(0);
    assert.equal(state(), "OK");
    assert.equal(
      reason(),
      "Threshold Crossed: 2 out of the last 3 datapoints [0.0 (01/03/26 12:03:00), 0.0 (01/03/26 12:01:00)] were not greater than the threshold (5.0) (minimum 2 datapoints for ALARM -> OK transition).",
    );
  });

  for (const [comparisonOperator, below, at, above] of [
    ["GreaterThanThreshold", "OK", "OK", "ALARM"],
    ["GreaterThanOrEqualToThreshold", "OK", "ALARM", "ALARM"],
    ["LessThanThreshold", "ALARM", "OK", "OK"],
    ["LessThanOrEqualToThreshold", "ALARM", "ALARM", "OK"],
  ] as const) {
    it(`with ${comparisonOperator} is ${below} below, ${at} at and ${above} above its threshold`, async () => {
      await watch.alarm({ comparisonOperator });
      for (const [value, expected] of [
        [4, below],
        [5, at],
        [6, above],
      ] as const) {
        watch.minute(value);
        assert.equal(state(), expected, String(value));
      }
    });
  }

  for (const [treatMissingData, expected, words] of [
    ["missing", "INSUFFICIENT_DATA", "Insufficient Data: 2 datapoints were unknown."],
    ["ignore", "OK", /was not greater than/],
    [
      "breaching",
      "ALARM",
      "Threshold Crossed: no datapoints were received for 2 periods and 2 missing datapoints were treated as [Breaching].",
    ],
    ["notBreaching", "OK", /was not greater than|were not greater than/],
  ] as const) {
    it(`is ${expected} when data stops coming and that counts as ${treatMissingData}`, async () => {
      await watch.alarm({ treatMissingData, evaluationPeriods: 2 });
      watch.minute(1);
      watch.minute(1);
      assert.equal(state(), "OK");
      // The evaluation range is two periods longer than what is evaluated.
      for (let minute = 0; minute < 4; minute++) watch.minute();
      assert.equal(state(), expected);
      if (typeof words === "string") assert.equal(reason(), words);
      else assert.match(reason(), words);
    });
  }

  it("on a metric of DynamoDB keeps its state when data stops coming, whatever it says", async () => {
    await watch.alarm({ namespace: "AWS/DynamoDB", treatMissingData: "breaching" });
    putMetric(watch.cloud, "AWS/DynamoDB", "Errors", {}, 1);
    watch.minute();
    assert.equal(state(), "OK");
    for (let minute = 0; minute < 4; minute++) watch.minute();
    assert.equal(state(), "OK");
  });

  it("says how many data points were received where missing ones decided", async () => {
    await watch.alarm({ treatMissingData: "breaching", evaluationPeriods: 3 });
    for (const value of [1, 1, 1, 9]) watch.minute(value);
    assert.equal(state(), "OK");
    for (let minute = 0; minute < 4; minute++) watch.minute();
    assert.equal(state(), "ALARM");
    assert.equal(
      reason(),
      "Threshold Crossed: 1 datapoint was received for 3 periods and 2 missing datapoints were treated as [Breaching].",
    );
  });

  it("says so of the one period it looks at", async () => {
    await watch.alarm({ treatMissingData: "notBreaching" });
    watch.minute(9);
    for (let minute = 0; minute < 3; minute++) watch.minute();
    assert.equal(
      reason(),
      "Threshold Crossed: no datapoints were received for 1 period and 1 missing datapoint was treated as [NonBreaching].",
    );
  });

  it("holds no missing data against what was not there yet: a new alarm stays as it is until its periods lie in its own time", async () => {
    watch.cloud.pass(10 * MINUTE);
    await watch.alarm({ treatMissingData: "breaching", evaluationPeriods: 2 });
    watch.minute();
    assert.equal(state(), "INSUFFICIENT_DATA");
    watch.minute();
    assert.equal(state(), "ALARM");
  });

  it("holds no missing data against the time when the sandbox did not run", async () => {
    await watch.alarm({ treatMissingData: "breaching" });
    watch.minute(1);
    watch.alarms.close();
    watch.cloud.pass(60 * MINUTE);
    const again = startAlarms(watch.cloud);
    again.evaluate();
    assert.equal(state(), "OK");
    watch.cloud.pass(MINUTE);
    again.evaluate();
    assert.equal(state(), "ALARM");
    again.close();
  });

  it("moves its long period on with every minute", async () => {
    await watch.alarm({ period: 300, threshold: 10 });
    for (const value of [3, 3, 3]) watch.minute(value);
    assert.equal(state(), "OK");
    watch.minute(3);
    assert.equal(state(), "ALARM");
    assert.match(reason(), /\[12\.0 \(01\/03\/26 11:59:00\)\]/);
  });

  it("watches metric math, with what is missing as nothing", async () => {
    const metric = (metricName: string): Props => ({ namespace: "Shop", metricName, period: 60, stat: "Sum" });
    const name = "error-rate";
    await watch.make(type.alarm, "rate", {
      name,
      evaluationPeriods: 1,
      comparisonOperator: "GreaterThanThreshold",
      threshold: 1,
      treatMissingData: "notBreaching",
      metricQueries: [
        { id: "errors", metric: metric("Errors") },
        { id: "requests", metric: metric("Requests") },
        { id: "rate", expression: "100 * errors / requests", returnData: true },
      ],
    });
    watch.publish("Requests", 400);
    watch.minute(4);
    assert.equal(state(), "OK");
    watch.publish("Requests", 400);
    watch.minute(5);
    assert.equal(state(), "ALARM");
    assert.match(reason(), /\[1\.25 /);
    // No error at all: the metric has no data point, and the rate is 0.
    watch.publish("Requests", 400);
    watch.minute();
    assert.equal(state(), "OK");
  });

  it("watches the metric of its dimensions and unit alone", async () => {
    await watch.alarm({ dimensions: { Stage: "prod" }, unit: "Count" });
    putMetric(watch.cloud, "Shop", "Errors", { Stage: "dev" }, 9, { unit: "Count" });
    putMetric(watch.cloud, "Shop", "Errors", { Stage: "prod" }, 9);
    watch.minute();
    assert.equal(state(), "INSUFFICIENT_DATA");
    putMetric(watch.cloud, "Shop", "Errors", { Stage: "prod" }, 9, { unit: "Count", region: "eu-central-1" });
    putMetric(watch.cloud, "Shop", "Errors", { Stage: "prod" }, 1, { unit: "Count", region: "us-east-1" });
    watch.minute();
    assert.equal(state(), "ALARM");
    assert.match(reason(), /\[9\.0 /);
  });

  for (const [extendedStatistic, samples, expected] of [
    ["p90", 99, "INSUFFICIENT_DATA"],
    ["p90", 100, "ALARM"],
    ["p99.9", 9_999, "INSUFFICIENT_DATA"],
    ["p99.9", 10_000, "ALARM"],
    ["p10", 99, "INSUFFICIENT_DATA"],
    ["p10", 100, "ALARM"],
    ["p50", 19, "INSUFFICIENT_DATA"],
    ["p50", 20, "ALARM"],
    ["p100", 1, "ALARM"],
  ] as const) {
    it(`on ${extendedStatistic} of ${String(samples)} samples is ${expected} where few are ignored`, async () => {
      const { statistic: _statistic, ...inputs } = alarmInputs({
        extendedStatistic,
        evaluateLowSampleCountPercentiles: "ignore",
      });
      await watch.make(type.alarm, "alarm", inputs);
      watch.minute(...Array.from({ length: samples }, () => 9));
      assert.equal(state(), expected);
    });
  }

  it("keeps its state and history when it is changed, and loses them when it is deleted", async () => {
    const made = await watch.alarm();
    watch.minute(9);
    await watch.stack.update(made, "alarm", alarmInputs({ threshold: 50 }));
    assert.equal(state(), "ALARM");
    watch.minute(9);
    assert.deepEqual([state(), alarmStates(watch.cloud)[0]?.history.map(({ to }) => to)], ["OK", ["ALARM", "OK"]]);
    await watch.stack.delete(made);
    await watch.alarm();
    assert.deepEqual([state(), alarmStates(watch.cloud)[0]?.history], ["INSUFFICIENT_DATA", []]);
  });

  it("keeps the last 100 changes of its state", async () => {
    const made = await watch.alarm();
    for (let change = 0; change < 102; change++)
      setAlarmState(watch.cloud, made, change % 2 === 0 ? "ALARM" : "OK", String(change));
    const history = alarmStates(watch.cloud)[0]?.history ?? [];
    assert.deepEqual([history.length, history[0]?.reason, history.at(-1)?.reason], [100, "2", "101"]);
  });

  it("that cannot be evaluated is told of, and keeps no other from firing", async () => {
    const made = await watch.alarm();
    // As an older sandbox might have left it.
    watch.cloud.world.put({
      ...made,
      id: "broken",
      inputs: { metricQueries: [{ id: "e1", expression: "(", returnData: true }] },
    });
    watch.minute(9);
    assert.equal(state(), "ALARM");
    assert.match(watch.cloud.notes.join("\n"), /^The alarm broken could not be evaluated: unexpected end in \($/m);
  });
});

import assert from "node:assert/strict";
import type { Resource } from "../../../../sandbox/src/core/definition.ts";
import type { Props } from "../../../../sandbox/src/core/values.ts";
import { text } from "../../../../sandbox/src/core/values.ts";
import { alarmStates } from "../../../../sandbox/src/services/cloudwatch/alarm-states.ts";
import { setAlarmState, startAlarms } from "../../../../sandbox/src/services/cloudwatch/alarms.ts";
import { putMetric } from "../../../../sandbox/src/services/cloudwatch/metrics.ts";
import { inbox } from "../../../../sandbox/src/services/sns/inbox.ts";
import { confirm } from "../../../../sandbox/src/services/sns/subscriptions.ts";
import { policyOf } from "../../support/api.ts";
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

describe("the actions of an alarm", () => {
  const MAIL = "ops@example.com";
  let watch: CloudWatchFixture;
  let topic: Resource;
  beforeEach(async () => {
    watch = new CloudWatchFixture();
    assert.ok(watch.alarms);
    topic = await watch.make(type.topic, "alerts", { name: "alerts" });
    await watch.make(type.subscription, "ops", { topic: topic.id, protocol: "email", endpoint: MAIL });
  });
  afterEach(() => watch.end());

  const notifications = () => inbox(watch.cloud).filter(({ kind }) => kind === "notification");
  const acting = (more: Props = {}): Promise<Resource> =>
    watch.alarm({ alarmActions: [topic.id], okActions: [topic.id], alarmDescription: "Too many errors", ...more });
  const consent = (): void => void confirm(watch.cloud, topic.id, inbox(watch.cloud)[0]?.token ?? "");

  it("reach the inbox of who has consented, once for each change of state", async () => {
    await acting();
    consent();
    watch.minute(9);
    watch.minute(9);
    watch.minute(1);
    assert.deepEqual(
      notifications().map(({ to, subject, delivered }) => [to, subject, delivered]),
      [
        [MAIL, 'ALARM: "errors" in EU (Frankfurt)', true],
        [MAIL, 'OK: "errors" in EU (Frankfurt)', true],
      ],
    );
  });

  it("and the change of state they belong to are on disk together or not at all", async () => {
    const made = await acting({ alarmActions: [topic.id, topic.id] });
    const { cloud } = watch;
    let calls = 0;
    // A clock that fails stands for a process that ends between the change and its second mail.
    const now = (): number => {
      if (++calls > 2) throw new Error("out of time");
      return cloud.now();
    };
    assert.throws(() => {
      setAlarmState({ ...cloud, now }, made, "ALARM", "a drill");
    }, /out of time/);
    assert.deepEqual([alarmStates(cloud)[0]?.state, notifications()], ["INSUFFICIENT_DATA", []]);
    watch.minute(9);
    assert.deepEqual([alarmStates(cloud)[0]?.state, notifications().length], ["ALARM", 2]);
  });

  it("say all that CloudWatch says", async () => {
    await acting();
    watch.minute(9);
    const [mail] = notifications();
    assert.deepEqual(JSON.parse(mail?.message ?? ""), {
      AlarmName: "errors",
      AlarmDescription: "Too many errors",
      AWSAccountId: "123456789012",
      AlarmConfigurationUpdatedTimestamp: "2026-03-01T12:00:00.000+0000",
      NewStateValue: "ALARM",
      NewStateReason:
        "Threshold Crossed: 1 out of the last 1 datapoints [9.0 (01/03/26 12:00:00)] was greater than the threshold (5.0) (minimum 1 datapoint for OK -> ALARM transition).",
      StateChangeTime: "2026-03-01T12:01:00.000+0000",
      Region: "EU (Frankfurt)",
      AlarmArn: "arn:aws:cloudwatch:eu-central-1:123456789012:alarm:errors",
      OldStateValue: "INSUFFICIENT_DATA",
      OKActions: [topic.id],
      AlarmActions: [topic.id],
      InsufficientDataActions: [],
      Trigger: {
        MetricName: "Errors",
        Namespace: "Shop",
        StatisticType: "Statistic",
        Statistic: "SUM",
        Unit: null,
        Dimensions: [],
        Period: 60,
        EvaluationPeriods: 1,
        DatapointsToAlarm: 1,
        ComparisonOperator: "GreaterThanThreshold",
        Threshold: 5,
        TreatMissingData: "missing",
        EvaluateLowSampleCountPercentile: "",
      },
    });
  });

  it("say what an alarm on metric math watches", async () => {
    const metric = {
      namespace: "Shop",
      metricName: "Errors",
      period: 60,
      stat: "p95",
      unit: "Count",
      dimensions: { Stage: "prod" },
    };
    await watch.make(type.alarm, "math", {
      name: "math",
      evaluationPeriods: 1,
      comparisonOperator: "GreaterThanThreshold",
      threshold: 5,
      alarmActions: [topic.id],
      metricQueries: [
        { id: "e1", expression: "m1 * 2", label: "Twice", returnData: true },
        { id: "m1", metric },
      ],
    });
    putMetric(watch.cloud, "Shop", "Errors", { Stage: "prod" }, 9, { unit: "Count" });
    watch.minute();
    const { Trigger } = JSON.parse(notifications()[0]?.message ?? "") as { Trigger: { Metrics: unknown } };
    assert.deepEqual(Trigger.Metrics, [
      { Expression: "m1 * 2", Id: "e1", Label: "Twice", ReturnData: true },
      {
        Id: "m1",
        ReturnData: false,
        MetricStat: {
          Metric: { Dimensions: [{ value: "prod", name: "Stage" }], MetricName: "Errors", Namespace: "Shop" },
          Period: 60,
          Stat: "p95",
          Unit: "Count",
        },
      },
    ]);
  });

  it("lie undelivered for who has not consented", async () => {
    await acting();
    watch.minute(9);
    assert.deepEqual(
      notifications().map(({ delivered }) => delivered),
      [false],
    );
  });

  it("are not performed while they are disabled, though the state changes", async () => {
    await acting({ actionsEnabled: false });
    watch.minute(9);
    assert.deepEqual([alarmStates(watch.cloud)[0]?.state, notifications()], ["ALARM", []]);
  });

  it("are not performed for a state that has none", async () => {
    await acting({ okActions: [] });
    watch.minute(1);
    assert.deepEqual([alarmStates(watch.cloud)[0]?.state, notifications()], ["OK", []]);
  });

  it("fail on a topic that is gone, which is noted; the state has changed all the same", async () => {
    await acting();
    await watch.stack.delete(topic);
    watch.minute(9);
    assert.deepEqual([alarmStates(watch.cloud)[0]?.state, notifications()], ["ALARM", []]);
    assert.equal(
      watch.cloud.notes.at(-1),
      `The alarm errors failed to execute its action ${topic.id}: NotFound: Topic does not exist`,
    );
  });

  it("fail on a topic whose policy does not let CloudWatch publish", async () => {
    const statement = { Action: "sns:Publish", Principal: { Service: "budgets.amazonaws.com" }, Resource: topic.id };
    await watch.make(type.topicPolicy, "policy", { arn: topic.id, policy: policyOf(statement) });
    await acting();
    watch.minute(9);
    assert.deepEqual(notifications(), []);
    assert.match(
      watch.cloud.notes.at(-1) ?? "",
      /AuthorizationError: cloudwatch\.amazonaws\.com is not authorized to perform: SNS:Publish on resource: arn:aws:sns:eu-central-1:123456789012:alerts$/,
    );
  });

  it("reach a topic whose policy lets CloudWatch speak for that alarm, and no other", async () => {
    const alarms = "arn:aws:cloudwatch:eu-central-1:123456789012:alarm:";
    const statement = {
      Action: "sns:Publish",
      Principal: { Service: "cloudwatch.amazonaws.com" },
      Resource: topic.id,
      Condition: { ArnLike: { "aws:SourceArn": `${alarms}errors` }, StringEquals: { "aws:SourceAccount": "123456789012" } },
    };
    await watch.make(type.topicPolicy, "policy", { arn: topic.id, policy: policyOf(statement) });
    await acting();
    await watch.make(type.alarm, "other", alarmInputs({ name: "other", alarmActions: [topic.id] }));
    watch.minute(9);
    assert.deepEqual(
      notifications().map(({ subject }) => subject),
      ['ALARM: "errors" in EU (Frankfurt)'],
    );
    assert.match(watch.cloud.notes.join("\n"), /The alarm other failed to execute its action/);
  });

  it("fail on a topic encrypted with SNS's own key, and with one that does not let CloudWatch in", async () => {
    const sealed = await watch.make(type.topic, "sealed", { name: "sealed", kmsMasterKeyId: "alias/aws/sns" });
    const root = { Action: "kms:*", Principal: { AWS: "arn:aws:iam::123456789012:root" }, Resource: "*" };
    const service = {
      Action: ["kms:Decrypt", "kms:GenerateDataKey*"],
      Principal: { Service: "cloudwatch.amazonaws.com" },
      Resource: "*",
    };
    const key = await watch.make(type.key, "key", { policy: policyOf(root, service) });
    const closed = await watch.make(type.key, "closed", { policy: policyOf(root) });
    const open = await watch.make(type.topic, "open", { name: "open", kmsMasterKeyId: text(key.outputs, "arn") });
    const shut = await watch.make(type.topic, "shut", { name: "shut", kmsMasterKeyId: closed.id });
    for (const one of [sealed, open, shut])
      await watch.make(type.subscription, text(one.outputs, "name"), { topic: one.id, protocol: "email", endpoint: MAIL });
    await acting({ alarmActions: [sealed.id, shut.id, open.id] });
    watch.minute(9);
    assert.deepEqual(
      notifications().map(({ topicArn }) => topicArn),
      [open.id],
    );
    assert.equal(watch.cloud.notes.filter((note) => note.includes("KMSAccessDenied")).length, 2);
  });

  it("have a subject that mail can carry, whatever the alarm is called", async () => {
    await acting({ name: `Größe ${"x".repeat(200)}` });
    watch.minute(9);
    const [mail] = notifications();
    assert.ok(mail);
    assert.equal(mail.subject, `ALARM: "Gr??e ${"x".repeat(86)}`);
    assert.equal(mail.subject.length, 100);
  });
});

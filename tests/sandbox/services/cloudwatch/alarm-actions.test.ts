import assert from "node:assert/strict";
import type { Resource } from "../../../../sandbox/src/core/definition.ts";
import type { Props } from "../../../../sandbox/src/core/values.ts";
import { text } from "../../../../sandbox/src/core/values.ts";
import { alarmStates } from "../../../../sandbox/src/services/cloudwatch/alarm-states.ts";
import { setAlarmState } from "../../../../sandbox/src/services/cloudwatch/alarms.ts";
import { putMetric } from "../../../../sandbox/src/services/cloudwatch/metrics.ts";
import { inbox } from "../../../../sandbox/src/services/sns/inbox.ts";
import { confirm } from "../../../../sandbox/src/services/sns/subscriptions.ts";
import { policyOf } from "../../support/api.ts";
import { alarmInputs, CloudWatchFixture, type } from "./support.ts";

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

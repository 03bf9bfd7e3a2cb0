import assert from "node:assert/strict";
import { DescribeAlarmsCommand, SetAlarmStateCommand } from "@aws-sdk/client-cloudwatch";
import { inbox } from "../../../../sandbox/src/services/sns/inbox.ts";
import { refusal } from "../../support/refusal.ts";
import { type MetricsApi, metricsApi, PROTOCOLS } from "./api-support.ts";
import { alarmInputs, MINUTE, type } from "./support.ts";

const HOUR = 60 * MINUTE;

for (const [spoken, config] of PROTOCOLS) {
  describe(`the API of CloudWatch in ${spoken}`, () => {
    let api: MetricsApi;
    beforeEach(async () => {
      api = await metricsApi(config);
    });
    afterEach(async () => {
      api.metrics.destroy();
      await api.end();
    });

    describe("when it comes to alarms", () => {
      const topicArn = "arn:aws:sns:eu-central-1:123456789012:alerts";
      beforeEach(async () => {
        await api.stack.create(type.topic, "alerts", { name: "alerts" });
        await api.stack.create(type.subscription, "ops", { topic: topicArn, protocol: "email", endpoint: "ops@example.com" });
        const inputs = alarmInputs({ alarmActions: [topicArn], alarmDescription: "Too many", dimensions: { Stage: "prod" } });
        await api.stack.create(type.alarm, "errors", inputs);
      });
      const set = (StateValue: string, AlarmName = "errors") =>
        api.metrics.send(new SetAlarmStateCommand({ AlarmName, StateValue: StateValue as "OK", StateReason: "a drill" }));
      const described = async (input: object = {}) => api.metrics.send(new DescribeAlarmsCommand(input));

      it("describes an alarm as it was made and as it stands", async () => {
        const { MetricAlarms: [alarm] = [], CompositeAlarms } = await described();
        const {
          AlarmConfigurationUpdatedTimestamp: changed,
          StateUpdatedTimestamp: updated,
          StateTransitionedTimestamp,
          ...rest
        } = alarm ?? {};
        assert.ok(changed !== undefined && Math.abs(changed.getTime() - api.cloud.now()) < HOUR);
        assert.deepEqual([updated, StateTransitionedTimestamp, CompositeAlarms], [changed, changed, []]);
        assert.deepEqual(rest, {
          AlarmName: "errors",
          AlarmArn: "arn:aws:cloudwatch:eu-central-1:123456789012:alarm:errors",
          AlarmDescription: "Too many",
          ActionsEnabled: true,
          OKActions: [],
          AlarmActions: [topicArn],
          InsufficientDataActions: [],
          StateValue: "INSUFFICIENT_DATA",
          StateReason: "Unchecked: Initial alarm creation",
          Namespace: "Shop",
          MetricName: "Errors",
          Dimensions: [{ Name: "Stage", Value: "prod" }],
          Statistic: "Sum",
          Period: 60,
          EvaluationPeriods: 1,
          DatapointsToAlarm: 1,
          Threshold: 5,
          ComparisonOperator: "GreaterThanThreshold",
          TreatMissingData: "missing",
        });
      });

      it("describes what an alarm on metric math watches", async () => {
        const metric = { namespace: "Shop", metricName: "Errors", period: 60, stat: "p99", unit: "Count" };
        await api.stack.create(type.alarm, "math", {
          name: "math",
          evaluationPeriods: 2,
          comparisonOperator: "LessThanThreshold",
          threshold: 1,
          metricQueries: [
            { id: "m1", metric },
            { id: "e1", expression: "m1 * 2", label: "Twice", returnData: true },
          ],
        });
        const { MetricAlarms: [alarm] = [] } = await described({ AlarmNames: ["math"] });
        assert.deepEqual(alarm?.Metrics, [
          {
            Id: "m1",
            ReturnData: false,
            MetricStat: {
              Metric: { Namespace: "Shop", MetricName: "Errors", Dimensions: [] },
              Period: 60,
              Stat: "p99",
              Unit: "Count",
            },
          },
          { Id: "e1", Label: "Twice", ReturnData: true, Expression: "m1 * 2" },
        ]);
        assert.deepEqual([alarm.MetricName, alarm.DatapointsToAlarm], [undefined, 2]);
      });

      it("finds alarms by name, prefix, state, action and kind, in pages", async () => {
        for (const name of ["a-1", "a-2", "b"]) await api.stack.create(type.alarm, name, alarmInputs({ name }));
        await set("OK", "b");
        const names = async (input: object) => (await described(input)).MetricAlarms?.map(({ AlarmName }) => AlarmName);
        assert.deepEqual(await names({}), ["a-1", "a-2", "b", "errors"]);
        assert.deepEqual(await names({ AlarmNames: ["b", "a-2", "none"] }), ["a-2", "b"]);
        assert.deepEqual(await names({ AlarmNamePrefix: "a-" }), ["a-1", "a-2"]);
        assert.deepEqual(await names({ StateValue: "OK" }), ["b"]);
        assert.deepEqual(await names({ ActionPrefix: "arn:aws:sns" }), ["errors"]);
        assert.deepEqual(await names({ AlarmTypes: ["CompositeAlarm"] }), []);
        const first = await described({ MaxRecords: 3 });
        const second = await described({ MaxRecords: 3, NextToken: first.NextToken });
        assert.deepEqual(
          [first.MetricAlarms?.length, second.MetricAlarms?.map(({ AlarmName }) => AlarmName), second.NextToken],
          [3, ["errors"], undefined],
        );
        await assert.rejects(
          described({ AlarmNames: ["a"], AlarmNamePrefix: "a" }),
          refusal("InvalidParameterCombinationException", "AlarmNames and AlarmNamePrefix cannot be given together."),
        );
        await assert.rejects(
          described({ ChildrenOfAlarmName: "a" }),
          refusal(
            "InvalidParameterCombinationException",
            "The sandbox has no composite alarms; ChildrenOfAlarmName cannot be given.",
          ),
        );
      });

      it("sets a state, which performs the actions of the new one", async () => {
        await set("ALARM");
        const { MetricAlarms: [alarm] = [] } = await described({ StateValue: "ALARM" });
        assert.deepEqual([alarm?.AlarmName, alarm?.StateReason], ["errors", "a drill"]);
        const mails = inbox(api.cloud).filter(({ kind }) => kind === "notification");
        assert.deepEqual(
          mails.map(({ subject }) => subject),
          ['ALARM: "errors" in EU (Frankfurt)'],
        );
        assert.equal((JSON.parse(mails[0]?.message ?? "") as { NewStateReason: string }).NewStateReason, "a drill");
      });

      it("refuses a state there is not, and an alarm there is not", async () => {
        await assert.rejects(
          set("BROKEN"),
          refusal(
            "ValidationException",
            "1 validation error detected: Value 'BROKEN' at 'stateValue' failed to satisfy constraint: Member must satisfy enum value set: [INSUFFICIENT_DATA, ALARM, OK]",
          ),
        );
        await assert.rejects(set("OK", "none"), refusal("ResourceNotFound", "The alarm none does not exist."));
      });

      it("asks IAM for the alarms that are named, or for all, and says AccessDenied as CloudWatch does", async () => {
        const alarm = "arn:aws:cloudwatch:eu-central-1:123456789012:alarm:";
        const key = await api.roleWith("drill", {
          Action: ["cloudwatch:SetAlarmState", "cloudwatch:DescribeAlarms"],
          Resource: `${alarm}errors`,
        });
        const limited = api.client(key);
        await limited.send(new SetAlarmStateCommand({ AlarmName: "errors", StateValue: "OK", StateReason: "a drill" }));
        await limited.send(new DescribeAlarmsCommand({ AlarmNames: ["errors"] }));
        const denied = (resource: string) =>
          refusal(
            "AccessDenied",
            `User: arn:aws:sts::123456789012:assumed-role/drill/drill is not authorized to perform: cloudwatch:DescribeAlarms on resource: ${resource} because no identity-based policy allows the cloudwatch:DescribeAlarms action`,
          );
        await assert.rejects(limited.send(new DescribeAlarmsCommand({})), denied(`${alarm}*`));
        await assert.rejects(limited.send(new DescribeAlarmsCommand({ AlarmNames: ["errors", "b"] })), denied(`${alarm}b`));
        limited.destroy();
      });
    });
  });
}

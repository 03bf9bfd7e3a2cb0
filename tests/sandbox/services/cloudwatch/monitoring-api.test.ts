import assert from "node:assert/strict";
import { AwsSmithyRpcV2CborProtocol } from "@aws-sdk/core/protocols";
import {
  CloudWatchClient,
  type CloudWatchClientConfig,
  DeleteAlarmsCommand,
  DescribeAlarmsCommand,
  GetMetricDataCommand,
  type GetMetricDataCommandInput,
  GetMetricStatisticsCommand,
  InvalidParameterValueException,
  ListMetricsCommand,
  type MetricDatum,
  PutMetricDataCommand,
  SetAlarmStateCommand,
} from "@aws-sdk/client-cloudwatch";
import { MetricStore } from "../../../../sandbox/src/services/cloudwatch/metric-store.ts";
import { putMetric } from "../../../../sandbox/src/services/cloudwatch/metrics.ts";
import { inbox } from "../../../../sandbox/src/services/sns/inbox.ts";
import type { ClientConfig } from "../../support/api.ts";
import { refusal } from "../../support/refusal.ts";
import { alarmInputs, type CloudWatchApi, cloudwatchApi, MINUTE, type } from "./support.ts";

const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const protocols: readonly (readonly [string, Partial<CloudWatchClientConfig>])[] = [
  ["JSON, as the SDK for JavaScript speaks it", {}],
  // This SDK sends the length from before it compressed when it speaks CBOR, and would wait for an answer for ever.
  ["CBOR, as other SDKs speak it", { protocol: AwsSmithyRpcV2CborProtocol, disableRequestCompression: true }],
];

for (const [spoken, config] of protocols) {
  describe(`the API of CloudWatch in ${spoken}`, () => {
    let api: CloudWatchApi;
    let metrics: CloudWatchClient;
    /** The start of a minute that is over. */
    let minute: number;
    const client = (key: ClientConfig): CloudWatchClient => new CloudWatchClient({ ...key, ...config });
    beforeEach(async () => {
      api = await cloudwatchApi();
      metrics = client(api.operator);
      minute = Math.floor(api.cloud.now() / MINUTE) * MINUTE - 5 * MINUTE;
    });
    afterEach(async () => {
      metrics.destroy();
      await api.end();
    });

    const put = (...data: readonly Partial<MetricDatum>[]) =>
      metrics.send(
        new PutMetricDataCommand({
          Namespace: "Shop",
          MetricData: data.map((one) => ({ MetricName: "Orders", Timestamp: new Date(minute), ...one })),
        }),
      );
    const statistics = (input: object = {}) =>
      metrics.send(
        new GetMetricStatisticsCommand({
          Namespace: "Shop",
          MetricName: "Orders",
          StartTime: new Date(minute),
          EndTime: new Date(minute + 3 * MINUTE),
          Period: 60,
          Statistics: ["Sum"],
          ...input,
        }),
      );

    it("takes single values, values with counts and statistic sets, and gives their statistics", async () => {
      await put(
        { Value: 1, Unit: "Count" },
        { Values: [2, 3], Counts: [10, 1], Unit: "Count", Timestamp: new Date(minute + 59_999) },
        { Values: [7], Unit: "Count", Timestamp: new Date(minute + MINUTE) },
        {
          StatisticValues: { SampleCount: 2, Sum: 10, Minimum: 4, Maximum: 6 },
          Unit: "Count",
          Timestamp: new Date(minute + 2 * MINUTE),
        },
      );
      const answer = await statistics({
        Statistics: ["SampleCount", "Average", "Sum", "Minimum", "Maximum"],
        ExtendedStatistics: ["p50", "p99"],
      });
      assert.equal(answer.Label, "Orders");
      assert.deepEqual(answer.Datapoints, [
        {
          Timestamp: new Date(minute),
          SampleCount: 12,
          Average: 2,
          Sum: 24,
          Minimum: 1,
          Maximum: 3,
          ExtendedStatistics: { p50: 2, p99: 3 },
          Unit: "Count",
        },
        {
          Timestamp: new Date(minute + MINUTE),
          SampleCount: 1,
          Average: 7,
          Sum: 7,
          Minimum: 7,
          Maximum: 7,
          ExtendedStatistics: { p50: 7, p99: 7 },
          Unit: "Count",
        },
        {
          Timestamp: new Date(minute + 2 * MINUTE),
          SampleCount: 2,
          Average: 5,
          Sum: 10,
          Minimum: 4,
          Maximum: 6,
          ExtendedStatistics: {},
          Unit: "Count",
        },
      ]);
    });

    it("takes a call of many data points, which the SDK compresses where it can", async () => {
      await put(
        ...Array.from({ length: 500 }, (_, index) => ({
          Value: 1,
          Dimensions: [{ Name: "Item", Value: `number ${String(index)}` }],
        })),
      );
      const listed = await metrics.send(new ListMetricsCommand({ Namespace: "Shop" }));
      assert.deepEqual([listed.Metrics?.length, listed.NextToken], [500, undefined]);
    });

    it("takes fractions, large and negative numbers as they are", async () => {
      await put({ Values: [0.1, -2.5, 2 ** 53 - 1, 1e100] });
      const { Datapoints = [] } = await statistics({ Statistics: ["Minimum", "Maximum"], ExtendedStatistics: ["p50", "p75"] });
      const [point] = Datapoints;
      assert.deepEqual(
        [point?.Minimum, point?.Maximum, point?.ExtendedStatistics],
        [-2.5, 1e100, { p50: 0.1, p75: 2 ** 53 - 1 }],
      );
    });

    it("gives a data point for each unit unless one is asked for", async () => {
      await put({ Value: 1, Unit: "Count" }, { Value: 2, Unit: "Seconds" });
      const both = (await statistics()).Datapoints?.map(({ Sum, Unit }) => [Unit, Sum]);
      const one = (await statistics({ Unit: "Seconds" })).Datapoints?.map(({ Sum, Unit }) => [Unit, Sum]);
      assert.deepEqual(
        [both, one],
        [
          [
            ["Count", 1],
            ["Seconds", 2],
          ],
          [["Seconds", 2]],
        ],
      );
    });

    it("keeps the metrics of a region to it, but shows those of the sandbox itself everywhere", async () => {
      await put({ Value: 1 });
      putMetric(api.cloud, "AWS/EC2", "CPUUtilization", { InstanceId: "i-1" }, 50);
      const other = client({ ...api.operator, region: "us-east-1" });
      const { Metrics = [] } = await other.send(new ListMetricsCommand({}));
      other.destroy();
      assert.deepEqual(Metrics, [
        { Namespace: "AWS/EC2", MetricName: "CPUUtilization", Dimensions: [{ Name: "InstanceId", Value: "i-1" }] },
      ]);
    });

    describe("when data points are put", () => {
      for (const [datum, name, message] of [
        [{}, "InvalidParameterValueException", /MetricData\.member\.1\.Value, .* is required\.$/],
        [
          { Value: 1, Values: [1] },
          "InvalidParameterCombinationException",
          "The parameters MetricData.member.1.Value and MetricData.member.1.Values are mutually exclusive and you have specified both.",
        ],
        [
          { Values: [1, 2], Counts: [1] },
          "InvalidParameterValueException",
          "The parameters MetricData.member.1.Values and MetricData.member.1.Counts must be of the same size.",
        ],
        [
          { Value: 1e200 },
          "InvalidParameterValueException",
          "The value 1e+200 of MetricData.member.1 is not between -2^360 and 2^360.",
        ],
        [{ Value: Number.NaN }, "ValidationException", /at 'metricData\.1\.member\.value' .* Member must be a finite number$/],
        [
          { Value: 1, Unit: "Parsecs" },
          "ValidationException",
          /^1 validation error detected: Value 'Parsecs' at 'metricData\.1\.member\.unit' failed to satisfy constraint: Member must satisfy enum value set: \[Seconds, /,
        ],
        [
          { Value: 1, MetricName: "", Dimensions: [{ Name: "", Value: "x" }] },
          "ValidationException",
          "2 validation errors detected: Value '' at 'metricData.1.member.metricName' failed to satisfy constraint: Member must have length greater than or equal to 1; Value '' at 'metricData.1.member.dimensions.1.member.name' failed to satisfy constraint: Member must have length greater than or equal to 1",
        ],
      ] as readonly (readonly [Partial<MetricDatum>, string, string | RegExp])[]) {
        it(`refuses ${JSON.stringify(datum)}, and takes nothing of the call`, async () => {
          await assert.rejects(put(datum, { Value: 5 }), refusal(name, message));
          assert.deepEqual((await metrics.send(new ListMetricsCommand({}))).Metrics, []);
        });
      }

      it("takes them from the last two weeks and the next two hours", async () => {
        await put({ Value: 1, Timestamp: new Date(api.cloud.now() - 14 * DAY + MINUTE) });
        await put({ Value: 1, Timestamp: new Date(api.cloud.now() + 2 * HOUR - MINUTE) });
        const words = "The parameter MetricData.member.1.Timestamp must specify a time no more than two";
        await assert.rejects(
          put({ Value: 1, Timestamp: new Date(api.cloud.now() - 14 * DAY - MINUTE) }),
          refusal("InvalidParameterValueException", `${words} weeks in the past.`),
        );
        await assert.rejects(
          put({ Value: 1, Timestamp: new Date(api.cloud.now() + 2 * HOUR + MINUTE) }),
          refusal("InvalidParameterValueException", `${words} hours in the future.`),
        );
      });

      it("takes none for AWS itself", async () => {
        const call = metrics.send(
          new PutMetricDataCommand({ Namespace: "AWS/EC2", MetricData: [{ MetricName: "a", Value: 1 }] }),
        );
        await assert.rejects(call, (error: Error & { Error?: { Code?: string } }) => {
          assert.equal(error.constructor, InvalidParameterValueException);
          assert.equal(error.message, "The value AWS/ for parameter Namespace is invalid.");
          // What the error was called before CloudWatch spoke JSON, for programs that still go by it.
          assert.equal(error.Error?.Code, "InvalidParameterValue");
          return true;
        });
      });

      it("takes 1000 at once and refuses one more", async () => {
        const data = Array.from({ length: 1001 }, () => ({ Value: 1 }));
        await put(...data.slice(1));
        await assert.rejects(
          put(...data),
          refusal("ValidationException", /at 'metricData' .* Member must have length less than or equal to 1000$/),
        );
      });
    });

    describe("when it works metrics out", () => {
      const ask = async (queries: GetMetricDataCommandInput["MetricDataQueries"], input: object = {}) => {
        const command = new GetMetricDataCommand({
          StartTime: new Date(minute),
          EndTime: new Date(minute + 3 * MINUTE),
          MetricDataQueries: queries,
          ScanBy: "TimestampAscending",
          ...input,
        });
        return (await metrics.send(command)).MetricDataResults ?? [];
      };
      const stat = (MetricName: string, Stat = "Sum", Period = 60) => ({
        Metric: { Namespace: "Shop", MetricName },
        Period,
        Stat,
      });
      beforeEach(async () => {
        await put({ MetricName: "Requests", Value: 200 }, { MetricName: "Errors", Value: 10 });
        await put({ MetricName: "Requests", Value: 100, Timestamp: new Date(minute + MINUTE) });
      });

      it("gives metrics and expressions, those that are asked back", async () => {
        const results = await ask([
          { Id: "errors", MetricStat: stat("Errors"), ReturnData: false },
          { Id: "requests", MetricStat: stat("Requests") },
          { Id: "rate", Expression: "100 * errors / requests", Label: "Error rate" },
        ]);
        assert.deepEqual(results, [
          {
            Id: "requests",
            Label: "Requests",
            Timestamps: [new Date(minute), new Date(minute + MINUTE)],
            Values: [200, 100],
            StatusCode: "Complete",
          },
          {
            Id: "rate",
            Label: "Error rate",
            Timestamps: [new Date(minute), new Date(minute + MINUTE)],
            Values: [5, 0],
            StatusCode: "Complete",
          },
        ]);
      });

      it("gives the newest first unless asked otherwise", async () => {
        const [result] = await ask([{ Id: "m", MetricStat: stat("Requests") }], { ScanBy: undefined });
        assert.deepEqual(result?.Values, [100, 200]);
      });

      it("gives each series of an array", async () => {
        const results = await ask([
          { Id: "a", MetricStat: stat("Requests"), ReturnData: false },
          { Id: "b", MetricStat: stat("Errors"), ReturnData: false },
          { Id: "all", Expression: "METRICS() / 10" },
        ]);
        assert.deepEqual(
          results.map(({ Id, Values }) => [Id, Values]),
          [
            ["all", [20, 10]],
            ["all", [1]],
          ],
        );
      });

      it("takes metrics of several periods where no expression puts them together", async () => {
        const results = await ask([
          { Id: "short", MetricStat: stat("Requests") },
          { Id: "long", MetricStat: stat("Requests", "Sum", 180) },
          { Id: "p", MetricStat: stat("Requests", "p50", 180) },
        ]);
        assert.deepEqual(
          results.map(({ Values }) => Values),
          [[200, 100], [300], [100]],
        );
      });

      for (const [queries, name, message] of [
        [
          [
            { Id: "m", MetricStat: stat("A") },
            { Id: "m", MetricStat: stat("B") },
          ],
          "ValidationException",
          "The values for parameter id in MetricDataQueries are not unique: m",
        ],
        [
          [
            { Id: "m", MetricStat: stat("A") },
            { Id: "e", Expression: "m / x" },
          ],
          "ValidationException",
          "Error in expression: the expression e names x, which is not among m, e",
        ],
        [
          [
            { Id: "m", MetricStat: stat("A") },
            { Id: "e", Expression: "SUM(m)" },
          ],
          "ValidationException",
          "Error in expression: the expression e is a single number; it must be a time series",
        ],
        [[{ Id: "e", Expression: "5" }], "ValidationException", "At least one of MetricDataQueries must be a MetricStat."],
        [
          [
            { Id: "a", MetricStat: stat("A") },
            { Id: "b", MetricStat: stat("B", "Sum", 180) },
            { Id: "e", Expression: "a + b" },
          ],
          "ValidationException",
          "The sandbox works out expressions over metrics of one period only; ask for metrics of other periods in another call.",
        ],
        [
          [{ Id: "m", MetricStat: stat("A", "Sum", 30) }],
          "InvalidParameterValueException",
          "The parameter Period must be a multiple of 60 (the sandbox keeps data by the minute), not 30.",
        ],
        [
          [{ Id: "M", MetricStat: stat("A", "Mode") }],
          "ValidationException",
          /^2 validation errors detected: Value 'M' at 'metricDataQueries\.1\.member\.id' .*; Value 'Mode' at 'metricDataQueries\.1\.member\.metricStat\.stat' /,
        ],
        [
          [{ Id: "m" }],
          "ValidationException",
          "1 validation error detected: Value 'm' at 'metricDataQueries.1.member.id' failed to satisfy constraint: Member must come with exactly one of metricStat and expression",
        ],
      ] as readonly (readonly [GetMetricDataCommandInput["MetricDataQueries"], string, string | RegExp])[]) {
        it(`refuses ${JSON.stringify(queries).slice(0, 90)}`, () => assert.rejects(ask(queries), refusal(name, message)));
      }

      it("refuses more than 100,800 values, and a range that ends before it starts", async () => {
        const year = { StartTime: new Date(minute - 365 * DAY) };
        const query = [{ Id: "m", MetricStat: stat("A") }];
        await assert.rejects(
          ask(query, year),
          refusal(
            "InvalidParameterValueException",
            "You have requested up to 525,603 datapoints, which exceeds the limit of 100,800.",
          ),
        );
        await assert.rejects(
          ask(query, { EndTime: new Date(minute) }),
          refusal("InvalidParameterValueException", "The parameter StartTime must be less than the parameter EndTime."),
        );
      });
    });

    it("gives statistics from the start of the first minute on, over longer periods", async () => {
      await put({ Value: 1 }, { Value: 2, Timestamp: new Date(minute + 2 * MINUTE) });
      const { Datapoints } = await statistics({ StartTime: new Date(minute + 30_000), Period: 180 });
      assert.deepEqual(Datapoints, [{ Timestamp: new Date(minute), Sum: 3, Unit: "None" }]);
    });

    it("refuses statistics of too many data points, of no kind and without what it needs", async () => {
      await assert.rejects(
        statistics({ StartTime: new Date(minute - 2 * DAY), EndTime: new Date(minute) }),
        refusal(
          "InvalidParameterCombinationException",
          "You have requested up to 2,880 datapoints, which exceeds the limit of 1,440. You may reduce the datapoints requested by increasing Period, or decreasing the time range.",
        ),
      );
      await assert.rejects(
        statistics({ Statistics: undefined }),
        refusal("InvalidParameterCombinationException", "Must specify either Statistics or ExtendedStatistics."),
      );
      await assert.rejects(
        statistics({ MetricName: undefined, Period: undefined }),
        refusal(
          "ValidationException",
          "2 validation errors detected: Value null at 'metricName' failed to satisfy constraint: Member must not be null; Value null at 'period' failed to satisfy constraint: Member must not be null",
        ),
      );
    });

    it("lists metrics by namespace, name, dimensions and activity, in pages of 500", async () => {
      const shop = (Shop: string) => [{ Name: "Shop", Value: Shop }];
      await put(
        { Value: 1, Dimensions: shop("a") },
        { Value: 1, Dimensions: shop("b") },
        { MetricName: "Old", Value: 1, Timestamp: new Date(minute - 4 * HOUR) },
      );
      const list = async (input: object) =>
        (await metrics.send(new ListMetricsCommand(input))).Metrics?.map(
          ({ MetricName, Dimensions = [] }) => `${MetricName ?? ""} ${Dimensions.map(({ Value }) => Value).join()}`,
        );
      assert.deepEqual(await list({}), ["Old ", "Orders a", "Orders b"]);
      assert.deepEqual(await list({ RecentlyActive: "PT3H" }), ["Orders a", "Orders b"]);
      assert.deepEqual(await list({ Dimensions: [{ Name: "Shop" }] }), ["Orders a", "Orders b"]);
      assert.deepEqual(await list({ Dimensions: shop("b"), MetricName: "Orders", Namespace: "Shop" }), ["Orders b"]);
      assert.deepEqual(await list({ Namespace: "Other" }), []);
      await put(...Array.from({ length: 600 }, (_, index) => ({ Value: 1, Dimensions: shop(`many ${String(index)}`) })));
      const first = await metrics.send(new ListMetricsCommand({}));
      const second = await metrics.send(new ListMetricsCommand({ NextToken: first.NextToken }));
      assert.deepEqual([first.Metrics?.length, second.Metrics?.length, second.NextToken], [500, 103, undefined]);
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
        metrics.send(new SetAlarmStateCommand({ AlarmName, StateValue: StateValue as "OK", StateReason: "a drill" }));
      const described = async (input: object = {}) => metrics.send(new DescribeAlarmsCommand(input));

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
        const limited = client(key);
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

    it("lets a role publish to the namespace that its policy names, and to no other", async () => {
      const Condition = { StringEquals: { "cloudwatch:namespace": "Shop" } };
      const limited = client(await api.roleWith("app", { Action: "cloudwatch:PutMetricData", Resource: "*", Condition }));
      const publish = (Namespace: string) =>
        limited.send(new PutMetricDataCommand({ Namespace, MetricData: [{ MetricName: "Orders", Value: 1 }] }));
      await publish("Shop");
      await assert.rejects(publish("Bank"), refusal("AccessDenied", /not authorized to perform: cloudwatch:PutMetricData/));
      await assert.rejects(limited.send(new ListMetricsCommand({})), refusal("AccessDenied", /cloudwatch:ListMetrics/));
      limited.destroy();
    });

    it("has what it took on disk before it answers", async () => {
      await put({ Value: 7 });
      const other = new MetricStore(api.cloud.home);
      const metric = { region: "eu-central-1", namespace: "Shop", name: "Orders", dimensions: {} };
      assert.equal(
        other
          .read(metric, minute, minute + 1)
          .get(minute)
          ?.statistic("Sum"),
        7,
      );
      other.close();
    });

    it("refuses an operation that it does not serve", async () => {
      await assert.rejects(
        metrics.send(new DeleteAlarmsCommand({ AlarmNames: ["errors"] })),
        refusal(
          "UnknownOperationException",
          'The sandbox does not serve the operation "DeleteAlarms"; it serves DescribeAlarms, GetMetricData, GetMetricStatistics, ListMetrics, PutMetricData, SetAlarmState.',
        ),
      );
    });
  });
}

import assert from "node:assert/strict";
import {
  DeleteAlarmsCommand,
  InvalidParameterValueException,
  ListMetricsCommand,
  type MetricDatum,
  PutMetricDataCommand,
} from "@aws-sdk/client-cloudwatch";
import { MetricStore } from "../../../../sandbox/src/services/cloudwatch/metric-store.ts";
import { putMetric } from "../../../../sandbox/src/services/cloudwatch/metrics.ts";
import { refusal } from "../../support/refusal.ts";
import { type MetricsApi, metricsApi, PROTOCOLS } from "./api-support.ts";
import { MINUTE } from "./support.ts";

const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

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

    it("takes single values, values with counts and statistic sets, and gives their statistics", async () => {
      await api.put(
        { Value: 1, Unit: "Count" },
        { Values: [2, 3], Counts: [10, 1], Unit: "Count", Timestamp: new Date(api.minute + 59_999) },
        { Values: [7], Unit: "Count", Timestamp: new Date(api.minute + MINUTE) },
        {
          StatisticValues: { SampleCount: 2, Sum: 10, Minimum: 4, Maximum: 6 },
          Unit: "Count",
          Timestamp: new Date(api.minute + 2 * MINUTE),
        },
      );
      const answer = await api.statistics({
        Statistics: ["SampleCount", "Average", "Sum", "Minimum", "Maximum"],
        ExtendedStatistics: ["p50", "p99"],
      });
      assert.equal(answer.Label, "Orders");
      assert.deepEqual(answer.Datapoints, [
        {
          Timestamp: new Date(api.minute),
          SampleCount: 12,
          Average: 2,
          Sum: 24,
          Minimum: 1,
          Maximum: 3,
          ExtendedStatistics: { p50: 2, p99: 3 },
          Unit: "Count",
        },
        {
          Timestamp: new Date(api.minute + MINUTE),
          SampleCount: 1,
          Average: 7,
          Sum: 7,
          Minimum: 7,
          Maximum: 7,
          ExtendedStatistics: { p50: 7, p99: 7 },
          Unit: "Count",
        },
        {
          Timestamp: new Date(api.minute + 2 * MINUTE),
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
      await api.put(
        ...Array.from({ length: 500 }, (_, index) => ({
          Value: 1,
          Dimensions: [{ Name: "Item", Value: `number ${String(index)}` }],
        })),
      );
      const listed = await api.metrics.send(new ListMetricsCommand({ Namespace: "Shop" }));
      assert.deepEqual([listed.Metrics?.length, listed.NextToken], [500, undefined]);
    });

    it("takes fractions, large and negative numbers as they are", async () => {
      await api.put({ Values: [0.1, -2.5, 2 ** 53 - 1, 1e100] });
      const { Datapoints = [] } = await api.statistics({
        Statistics: ["Minimum", "Maximum"],
        ExtendedStatistics: ["p50", "p75"],
      });
      const [point] = Datapoints;
      assert.deepEqual(
        [point?.Minimum, point?.Maximum, point?.ExtendedStatistics],
        [-2.5, 1e100, { p50: 0.1, p75: 2 ** 53 - 1 }],
      );
    });

    it("gives a data point for each unit unless one is asked for", async () => {
      await api.put({ Value: 1, Unit: "Count" }, { Value: 2, Unit: "Seconds" });
      const both = (await api.statistics()).Datapoints?.map(({ Sum, Unit }) => [Unit, Sum]);
      const one = (await api.statistics({ Unit: "Seconds" })).Datapoints?.map(({ Sum, Unit }) => [Unit, Sum]);
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
      await api.put({ Value: 1 });
      putMetric(api.cloud, "AWS/EC2", "CPUUtilization", { InstanceId: "i-1" }, 50);
      const other = api.client({ ...api.operator, region: "us-east-1" });
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
          await assert.rejects(api.put(datum, { Value: 5 }), refusal(name, message));
          assert.deepEqual((await api.metrics.send(new ListMetricsCommand({}))).Metrics, []);
        });
      }

      it("takes them from the last two weeks and the next two hours", async () => {
        await api.put({ Value: 1, Timestamp: new Date(api.cloud.now() - 14 * DAY + MINUTE) });
        await api.put({ Value: 1, Timestamp: new Date(api.cloud.now() + 2 * HOUR - MINUTE) });
        const words = "The parameter MetricData.member.1.Timestamp must specify a time no more than two";
        await assert.rejects(
          api.put({ Value: 1, Timestamp: new Date(api.cloud.now() - 14 * DAY - MINUTE) }),
          refusal("InvalidParameterValueException", `${words} weeks in the past.`),
        );
        await assert.rejects(
          api.put({ Value: 1, Timestamp: new Date(api.cloud.now() + 2 * HOUR + MINUTE) }),
          refusal("InvalidParameterValueException", `${words} hours in the future.`),
        );
      });

      it("takes none for AWS itself", async () => {
        const call = api.metrics.send(
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
        await api.put(...data.slice(1));
        await assert.rejects(
          api.put(...data),
          refusal("ValidationException", /at 'metricData' .* Member must have length less than or equal to 1000$/),
        );
      });
    });

    it("lets a role publish to the namespace that its policy names, and to no other", async () => {
      const Condition = { StringEquals: { "cloudwatch:namespace": "Shop" } };
      const limited = api.client(await api.roleWith("app", { Action: "cloudwatch:PutMetricData", Resource: "*", Condition }));
      const publish = (Namespace: string) =>
        limited.send(new PutMetricDataCommand({ Namespace, MetricData: [{ MetricName: "Orders", Value: 1 }] }));
      await publish("Shop");
      await assert.rejects(publish("Bank"), refusal("AccessDenied", /not authorized to perform: cloudwatch:PutMetricData/));
      await assert.rejects(limited.send(new ListMetricsCommand({})), refusal("AccessDenied", /cloudwatch:ListMetrics/));
      limited.destroy();
    });

    it("has what it took on disk before it answers", async () => {
      await api.put({ Value: 7 });
      const other = new MetricStore(api.cloud.home);
      const metric = { region: "eu-central-1", namespace: "Shop", name: "Orders", dimensions: {} };
      assert.equal(
        other
          .read(metric, api.minute, api.minute + 1)
          .get(api.minute)
          ?.statistic("Sum"),
        7,
      );
      other.close();
    });

    it("refuses an operation that it does not serve", async () => {
      await assert.rejects(
        api.metrics.send(new DeleteAlarmsCommand({ AlarmNames: ["errors"] })),
        refusal(
          "UnknownOperationException",
          'The sandbox does not serve the operation "DeleteAlarms"; it serves DescribeAlarms, GetMetricData, GetMetricStatistics, ListMetrics, PutMetricData, SetAlarmState.',
        ),
      );
    });
  });
}

import assert from "node:assert/strict";
import { GetMetricDataCommand, type GetMetricDataCommandInput, ListMetricsCommand } from "@aws-sdk/client-cloudwatch";
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

    describe("when it works metrics out", () => {
      const ask = async (queries: GetMetricDataCommandInput["MetricDataQueries"], input: object = {}) => {
        const command = new GetMetricDataCommand({
          StartTime: new Date(api.minute),
          EndTime: new Date(api.minute + 3 * MINUTE),
          MetricDataQueries: queries,
          ScanBy: "TimestampAscending",
          ...input,
        });
        return (await api.metrics.send(command)).MetricDataResults ?? [];
      };
      const stat = (MetricName: string, Stat = "Sum", Period = 60) => ({
        Metric: { Namespace: "Shop", MetricName },
        Period,
        Stat,
      });
      beforeEach(async () => {
        await api.put({ MetricName: "Requests", Value: 200 }, { MetricName: "Errors", Value: 10 });
        await api.put({ MetricName: "Requests", Value: 100, Timestamp: new Date(api.minute + MINUTE) });
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
            Timestamps: [new Date(api.minute), new Date(api.minute + MINUTE)],
            Values: [200, 100],
            StatusCode: "Complete",
          },
          {
            Id: "rate",
            Label: "Error rate",
            Timestamps: [new Date(api.minute), new Date(api.minute + MINUTE)],
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
        const year = { StartTime: new Date(api.minute - 365 * DAY) };
        const query = [{ Id: "m", MetricStat: stat("A") }];
        await assert.rejects(
          ask(query, year),
          refusal(
            "InvalidParameterValueException",
            "You have requested up to 525,603 datapoints, which exceeds the limit of 100,800.",
          ),
        );
        await assert.rejects(
          ask(query, { EndTime: new Date(api.minute) }),
          refusal("InvalidParameterValueException", "The parameter StartTime must be less than the parameter EndTime."),
        );
      });
    });

    it("gives statistics from the start of the first minute on, over longer periods", async () => {
      await api.put({ Value: 1 }, { Value: 2, Timestamp: new Date(api.minute + 2 * MINUTE) });
      const { Datapoints } = await api.statistics({ StartTime: new Date(api.minute + 30_000), Period: 180 });
      assert.deepEqual(Datapoints, [{ Timestamp: new Date(api.minute), Sum: 3, Unit: "None" }]);
    });

    it("refuses statistics of too many data points, of no kind and without what it needs", async () => {
      await assert.rejects(
        api.statistics({ StartTime: new Date(api.minute - 2 * DAY), EndTime: new Date(api.minute) }),
        refusal(
          "InvalidParameterCombinationException",
          "You have requested up to 2,880 datapoints, which exceeds the limit of 1,440. You may reduce the datapoints requested by increasing Period, or decreasing the time range.",
        ),
      );
      await assert.rejects(
        api.statistics({ Statistics: undefined }),
        refusal("InvalidParameterCombinationException", "Must specify either Statistics or ExtendedStatistics."),
      );
      await assert.rejects(
        api.statistics({ MetricName: undefined, Period: undefined }),
        refusal(
          "ValidationException",
          "2 validation errors detected: Value null at 'metricName' failed to satisfy constraint: Member must not be null; Value null at 'period' failed to satisfy constraint: Member must not be null",
        ),
      );
    });

    it("lists metrics by namespace, name, dimensions and activity, in pages of 500", async () => {
      const shop = (Shop: string) => [{ Name: "Shop", Value: Shop }];
      await api.put(
        { Value: 1, Dimensions: shop("a") },
        { Value: 1, Dimensions: shop("b") },
        { MetricName: "Old", Value: 1, Timestamp: new Date(api.minute - 4 * HOUR) },
      );
      const list = async (input: object) =>
        (await api.metrics.send(new ListMetricsCommand(input))).Metrics?.map(
          ({ MetricName, Dimensions = [] }) => `${MetricName ?? ""} ${Dimensions.map(({ Value }) => Value).join()}`,
        );
      assert.deepEqual(await list({}), ["Old ", "Orders a", "Orders b"]);
      assert.deepEqual(await list({ RecentlyActive: "PT3H" }), ["Orders a", "Orders b"]);
      assert.deepEqual(await list({ Dimensions: [{ Name: "Shop" }] }), ["Orders a", "Orders b"]);
      assert.deepEqual(await list({ Dimensions: shop("b"), MetricName: "Orders", Namespace: "Shop" }), ["Orders b"]);
      assert.deepEqual(await list({ Namespace: "Other" }), []);
      await api.put(...Array.from({ length: 600 }, (_, index) => ({ Value: 1, Dimensions: shop(`many ${String(index)}`) })));
      const first = await api.metrics.send(new ListMetricsCommand({}));
      const second = await api.metrics.send(new ListMetricsCommand({ NextToken: first.NextToken }));
      assert.deepEqual([first.Metrics?.length, second.Metrics?.length, second.NextToken], [500, 103, undefined]);
    });
  });
}

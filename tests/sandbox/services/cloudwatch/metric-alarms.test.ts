import assert from "node:assert/strict";
import type { Props } from "../../../../sandbox/src/core/values.ts";
import { UNKNOWN } from "../../../../sandbox/src/core/values.ts";
import { REGION } from "../../support/cloud.ts";
import { refused } from "../../support/refused.ts";
import { alarmInputs, CloudWatchFixture, type } from "./support.ts";

describe("metric alarms of the sandbox", () => {
  let watch: CloudWatchFixture;
  beforeEach(() => (watch = new CloudWatchFixture()));
  afterEach(() => watch.end());

  const faults = (changes: Props, without: readonly string[] = []): string[] => {
    const inputs = Object.fromEntries(Object.entries(alarmInputs(changes)).filter(([name]) => !without.includes(name)));
    return watch.stack.faults(type.alarm, "alarm", inputs);
  };

  it("have what the provider computes and fills in", async () => {
    const { id, outputs } = await watch.alarm();
    assert.equal(id, "errors");
    assert.deepEqual(outputs, {
      ...alarmInputs(),
      actionsEnabled: true,
      treatMissingData: "missing",
      arn: "arn:aws:cloudwatch:eu-central-1:123456789012:alarm:errors",
    });
  });

  for (const [changes, fault] of [
    [
      { comparisonOperator: "Above" },
      /^comparisonOperator: "Above" is not one of the allowed values: GreaterThanOrEqualToThreshold, /,
    ],
    [
      { comparisonOperator: "LessThanLowerThreshold" },
      "comparisonOperator: the sandbox does not serve alarms with anomaly detection bands",
    ],
    [{ datapointsToAlarm: 2 }, "datapointsToAlarm: 2 is out of range; allowed: 1 to 1"],
    [{ evaluationPeriods: 0 }, "evaluationPeriods: 0 is out of range; allowed: 1 to Infinity"],
    [{ period: 90 }, "period: a period must be a multiple of 60 seconds, not 90"],
    [{ period: 10 }, "period: the sandbox keeps data by the minute; a period must be a multiple of 60 seconds"],
    [{ statistic: "Mode" }, 'statistic: "Mode" is not one of the allowed values: SampleCount, Average, Sum, Minimum, Maximum'],
    [{ unit: "Parsecs" }, /^unit: "Parsecs" is not one of the allowed values: Seconds, /],
    [
      { treatMissingData: "bad" },
      'treatMissingData: "bad" is not one of the allowed values: missing, ignore, breaching, notBreaching',
    ],
    [{ thresholdMetricId: "e1" }, "thresholdMetricId: the sandbox does not serve alarms with a thresholdMetricId"],
    [{ name: "a\nb" }, 'name: "a\nb" is not allowed: control characters are not'],
    [
      { alarmActions: ["arn:aws:lambda:eu-central-1:123456789012:function:page"] },
      'alarmActions[]: the sandbox performs alarm actions on SNS topics, EC2 instances and scaling policies, and "arn:aws:lambda:eu-central-1:123456789012:function:page" is none of them: expected arn:aws:sns:REGION:ACCOUNT:TOPIC, arn:aws:automate:REGION:ec2:reboot, recover or stop, or the ARN of a policy',
    ],
    [
      { okActions: Array.from({ length: 6 }, (_, index) => `arn:aws:sns:eu-central-1:123456789012:t${String(index)}`) },
      "okActions: an alarm has 5 actions for a state at most, not 6",
    ],
    [
      { evaluationPeriods: 25, period: 3600 * 7 },
      "name: Metrics cannot be checked across more than a week (EvaluationPeriods * Period must be <= 604800)",
    ],
    [
      { evaluationPeriods: 1441 },
      "name: Metrics cannot be checked across more than a day (EvaluationPeriods * Period must be <= 86400)",
    ],
    [{ extendedStatistic: "p95" }, "name: exactly one of statistic and extendedStatistic must be given"],
    [
      { statistic: "", extendedStatistic: "tm90" },
      'extendedStatistic: the sandbox serves percentiles p0 to p100 as extended statistics, not "tm90"',
    ],
  ] as readonly (readonly [Props, string | RegExp])[]) {
    it(`refuse ${JSON.stringify(changes).slice(0, 60)}`, () => {
      const found = faults(changes);
      if (typeof fault === "string") assert.ok(found.includes(fault), found.join("\n"));
      else assert.match(found.join("\n"), fault);
    });
  }

  it("take the longest that CloudWatch looks back", () => {
    assert.deepEqual(faults({ evaluationPeriods: 1440 }), []);
    assert.deepEqual(faults({ evaluationPeriods: 168, period: 3600 }), []);
  });

  it("tell all that is missing at once", () => {
    assert.deepEqual(faults({}, ["metricName", "period", "threshold", "statistic"]), [
      "name: an alarm needs threshold; an alarm on one metric needs metricName, or give metricQueries; an alarm on one metric needs period, or give metricQueries; exactly one of statistic and extendedStatistic must be given",
    ]);
  });

  describe("on metric math", () => {
    const metric = { namespace: "Shop", metricName: "Errors", period: 60, stat: "Sum" };
    const m1 = { id: "m1", metric };
    const e1 = { id: "e1", expression: "m1 * 2", returnData: true };
    const single = ["namespace", "metricName", "statistic", "period"];
    const onMath = (...metricQueries: Props[]): string[] => faults({ metricQueries }, single);

    it("are taken, also while a value is not known yet", () => {
      assert.deepEqual(onMath(m1, e1), []);
      assert.deepEqual(
        onMath({ ...m1, metric: { ...metric, dimensions: { Id: UNKNOWN } } }, { id: "e1", expression: UNKNOWN }),
        [],
      );
    });

    for (const [queries, fault] of [
      [[m1, { ...e1, expression: "m1 *" }], "Invalid metric math: unexpected end in m1 *"],
      [
        [m1, { ...e1, expression: "AVG(m1)" }],
        "Invalid metric math: the expression e1 is a single number; it must be a time series",
      ],
      [
        [m1, { ...e1, expression: "METRICS()" }],
        "Invalid metric math: the expression e1 is an array of time series; an alarm watches one time series",
      ],
      [[m1, { ...e1, expression: "m2" }], "Invalid metric math: the expression e1 names m2, which is not among m1, e1"],
      [[m1, { ...e1, returnData: false }], "exactly one metric query must have returnData: true"],
      [[{ ...m1, returnData: true }, e1], "exactly one metric query must have returnData: true"],
      [[m1, { ...e1, metric }], "metric query e1: exactly one of metric and expression must be given"],
      [[{ ...m1, accountId: "1" }, e1], "metric query m1: the sandbox has one account; accountId cannot be given"],
      [
        [{ id: "m1", metric: { ...metric, stat: "Mode", period: 61 } }, e1],
        "metric query m1: stat must be one of SampleCount, Average, Sum, Minimum, Maximum or a percentile such as p95, not Mode; metric query m1: a period must be a multiple of 60 seconds, not 61",
      ],
      [[m1, { id: "m2", metric: { ...metric, period: 120 } }, e1], "the metrics of an alarm must all have the same period"],
      [[e1], "an alarm needs a metric; expressions alone have no data"],
      [
        [{ ...m1, id: "M1" }, e1],
        'the id "M1" of a metric query must begin with a small letter, go on with letters, digits and underscores, and be there once',
      ],
      [
        [m1, m1, e1],
        'the id "m1" of a metric query must begin with a small letter, go on with letters, digits and underscores, and be there once',
      ],
    ] as readonly (readonly [Props[], string])[]) {
      it(`are refused where ${fault.slice(0, 70)}`, () => assert.deepEqual(onMath(...queries), [`name: ${fault}`]));
    }

    it("cannot watch one metric beside", () => {
      assert.deepEqual(faults({ metricQueries: [m1, e1], dimensions: {} }), [
        "name: metricQueries cannot be combined with metricName, namespace, statistic, period",
      ]);
    });
  });

  it("are refused by the cloud where a name was not known before", async () => {
    const inputs = alarmInputs({ name: "late" });
    delete inputs["threshold"];
    const urn = `urn:pulumi:sandbox::platform::${type.alarm}::late`;
    await refused(watch.stack.engine.create({ urn, region: REGION, inputs }), "ValidationError", "an alarm needs threshold");
  });

  it("have one name in a region", async () => {
    await watch.alarm();
    await refused(watch.alarm(), "ResourceAlreadyExists", /metricAlarm:MetricAlarm errors exists already/);
    assert.equal(watch.cloud.world.all(type.alarm).length, 1);
  });
});

import assert from "node:assert/strict";
import type { Props } from "../../../../sandbox/src/core/values.ts";
import { UNKNOWN } from "../../../../sandbox/src/core/values.ts";
import { text } from "../../../../sandbox/src/core/values.ts";
import { writeLogs } from "../../../../sandbox/src/services/cloudwatch/logs.ts";
import { telemetry } from "../../../../sandbox/src/services/cloudwatch/telemetry.ts";
import { policyOf } from "../../support/api.ts";
import { REGION } from "../../support/cloud.ts";
import { refused } from "../../support/refused.ts";
import { alarmInputs, CloudWatchFixture, type } from "./support.ts";

describe("log groups of the sandbox", () => {
  let watch: CloudWatchFixture;
  beforeEach(() => (watch = new CloudWatchFixture()));
  afterEach(() => watch.end());

  it("have what the provider computes", async () => {
    const { id, outputs } = await watch.group({ retentionInDays: 30 });
    assert.equal(id, "/shop/app");
    assert.deepEqual(
      { ...outputs },
      {
        name: "/shop/app",
        retentionInDays: 30,
        skipDestroy: false,
        arn: "arn:aws:logs:eu-central-1:123456789012:log-group:/shop/app",
        logGroupClass: "STANDARD",
        deletionProtectionEnabled: false,
        created: Date.parse("2026-03-01T12:00:00Z"),
      },
    );
  });

  it("have a name that is the region's only one", async () => {
    await watch.group();
    await refused(watch.group(), "ResourceAlreadyExistsException", "The specified log group already exists");
  });

  it("can have a name made for them, and another one for what replaces them", async () => {
    const make = () => watch.make(type.group, "group", { namePrefix: "shop-" });
    const first = await make();
    watch.cloud.pass(1);
    const second = await make();
    assert.match(first.id, /^shop-[0-9a-f]{26}$/);
    assert.notEqual(first.id, second.id);
    assert.equal(text(first.outputs, "name"), first.id);
  });

  it("are protected from deletion while they are to be, and show the provider's default once that is taken away", async () => {
    const made = await watch.group({ deletionProtectionEnabled: true });
    await refused(
      watch.stack.delete(made),
      "ValidationException",
      "The specified log group has deletion protection enabled. Disable deletion protection before deleting it.",
    );
    const freed = await watch.stack.update(made, "group", { name: "/shop/app" });
    assert.equal(freed.outputs["deletionProtectionEnabled"], false);
    await watch.stack.delete(freed);
    assert.equal(await watch.stack.engine.read(type.group, made.id, REGION), undefined);
  });

  for (const [inputs, fault] of [
    [{ name: "a b" }, 'name: "a b" is not allowed: only letters, digits and _ - / . # are'],
    [{ name: "x".repeat(513) }, /^name: "x+" has the wrong length; allowed: 1 to 512 characters$/],
    [{ retentionInDays: 2 }, /^retentionInDays: 2 is not one of the allowed values: 0, 1, 3, 5, 7, 14, 30, /],
    [{ skipDestroy: true }, "skipDestroy: the sandbox always deletes a log group with its lines; skipDestroy must be false"],
    [
      { logGroupClass: "CHEAP" },
      'logGroupClass: "CHEAP" is not one of the allowed values: STANDARD, INFREQUENT_ACCESS, DELIVERY',
    ],
  ] as const) {
    it(`refuse ${JSON.stringify(inputs).slice(0, 40)}`, () => {
      const faults = watch.stack.faults(type.group, "group", { name: "/shop/app", ...inputs });
      if (typeof fault === "string") assert.deepEqual(faults, [fault]);
      else assert.match(faults.join("\n"), fault);
    });
  }

  it("are replaced where their name or class changes, and changed in place where their retention does", () => {
    const changes = (now: Props) =>
      watch.stack.engine
        .diff(type.group, { name: "/a", retentionInDays: 1, logGroupClass: "STANDARD" }, now)
        .changes.map(({ path, replace }) => [path, replace]);
    assert.deepEqual(changes({ name: "/b", retentionInDays: 1, logGroupClass: "STANDARD" }), [["name", true]]);
    assert.deepEqual(changes({ name: "/a", retentionInDays: 3, logGroupClass: "DELIVERY" }), [
      ["retentionInDays", false],
      ["logGroupClass", true],
    ]);
  });

  describe("with a key", () => {
    const ARN = "arn:aws:logs:eu-central-1:123456789012:log-group:/shop/app";
    const root = { Action: "kms:*", Principal: { AWS: "arn:aws:iam::123456789012:root" }, Resource: "*" };
    const service = (more: object = {}) => ({
      Action: ["kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"],
      Principal: { Service: "logs.eu-central-1.amazonaws.com" },
      Resource: "*",
      Condition: { ArnLike: { "kms:EncryptionContext:aws:logs:arn": ARN } },
      ...more,
    });
    const sealed = async (...statements: object[]) => {
      const key = await watch.make(type.key, "key", { policy: policyOf(root, ...statements) });
      return watch.group({ kmsKeyId: text(key.outputs, "arn") });
    };
    const words = `The specified KMS key does not exist or is not allowed to be used with Arn '${ARN}'`;

    it("need one whose policy lets CloudWatch Logs use it for them", async () => {
      await refused(sealed(), "InvalidParameterException", words);
      assert.equal((await sealed(service())).id, "/shop/app");
    });

    it("are refused one that is for another group or for reading only", async () => {
      const other = { ArnLike: { "kms:EncryptionContext:aws:logs:arn": `${ARN}-2` } };
      await refused(sealed(service({ Condition: other })), "InvalidParameterException", words);
      await refused(sealed(service({ Action: "kms:Decrypt" })), "InvalidParameterException", words);
    });

    it("are refused one that does not exist, also when they are changed", async () => {
      const made = await watch.group();
      const inputs = { name: "/shop/app", kmsKeyId: "arn:aws:kms:eu-central-1:123456789012:key/none" };
      await refused(watch.stack.update(made, "group", inputs), "InvalidParameterException", words);
    });
  });
});

describe("log streams of the sandbox", () => {
  let watch: CloudWatchFixture;
  beforeEach(() => (watch = new CloudWatchFixture()));
  afterEach(() => watch.end());
  const stream = (inputs: Props = {}) =>
    watch.make(type.stream, "stream", { logGroupName: "/shop/app", name: "web/1", ...inputs });

  it("stand in their group until they are deleted, with their lines", async () => {
    await watch.group();
    const made = await stream();
    assert.equal(made.id, "/shop/app:web/1");
    assert.equal(made.outputs["arn"], "arn:aws:logs:eu-central-1:123456789012:log-group:/shop/app:log-stream:web/1");
    watch.log("one", "web/1");
    writeLogs(watch.cloud);
    const { logs } = telemetry(watch.cloud);
    const key = "eu-central-1//shop/app";
    assert.deepEqual([logs.hasStream(key, "web/1"), logs.size(key)], [true, 29]);
    await watch.stack.delete(made);
    assert.deepEqual([logs.hasStream(key, "web/1"), logs.size(key)], [false, 0]);
  });

  it("need their group, and a name that it does not have yet", async () => {
    await refused(stream(), "ResourceNotFoundException", "The specified log group does not exist.");
    await watch.group();
    watch.log("a workload was first", "web/1");
    writeLogs(watch.cloud);
    await refused(stream(), "ResourceAlreadyExistsException", "The specified log stream already exists");
  });

  it("refuse a name with a colon or a star", () => {
    assert.deepEqual(watch.stack.faults(type.stream, "stream", { logGroupName: "/a", name: "a:*" }), [
      `name: "a:*" is not allowed: ':' and '*' are not`,
    ]);
  });
});

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
      'alarmActions[]: the sandbox performs alarm actions on SNS topics and EC2 instances, and "arn:aws:lambda:eu-central-1:123456789012:function:page" is neither: expected arn:aws:sns:REGION:ACCOUNT:TOPIC or arn:aws:automate:REGION:ec2:reboot, recover or stop',
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

describe("dashboards of the sandbox", () => {
  let watch: CloudWatchFixture;
  beforeEach(() => (watch = new CloudWatchFixture()));
  afterEach(() => watch.end());

  const metricWidget = (metrics: unknown[], more: object = {}, place: object = {}) => ({
    type: "metric",
    ...place,
    properties: { region: "eu-central-1", metrics, ...more },
  });
  const body = (...widgets: object[]): string => JSON.stringify({ widgets });
  const dashboard = (dashboardBody: string, dashboardName = "shop") =>
    watch.make(type.dashboard, dashboardName, { dashboardName, dashboardBody });

  it("belong to no region", async () => {
    const { id, outputs } = await dashboard(body());
    assert.deepEqual([id, outputs["dashboardArn"]], ["shop", "arn:aws:cloudwatch::123456789012:dashboard/shop"]);
  });

  it("take what the body's reference allows", async () => {
    await dashboard(
      body(
        metricWidget([
          ["AWS/EC2", "CPUUtilization", "InstanceId", "i-1"],
          ["...", "i-2", { stat: "Maximum" }],
          [".", "NetworkIn", ".", "i-1"],
          [{ expression: "m1 * 2", label: "Twice" }],
          ["Shop", "Orders"],
        ]),
        {
          type: "metric",
          x: 0,
          y: 0,
          width: 24,
          height: 6,
          properties: { region: "eu-central-1", annotations: { alarms: ["arn"] } },
        },
        { type: "text", properties: { markdown: "# Shop" } },
        { type: "log", properties: { query: "SOURCE '/shop/app' | fields @message", region: "eu-central-1" } },
        { type: "alarm", properties: { alarms: ["arn"] } },
      ),
    );
  });

  for (const [what, text, dataPath, message] of [
    ["no JSON", "{", "/", /^Could not parse the dashboard body as JSON: /],
    ["no widgets", "{}", "/widgets", /expected array/],
    ["a widget of no kind", body({ type: "chart", properties: {} }), "/widgets/0/type", /./],
    ["a widget off the grid", body(metricWidget([["a", "b"]], {}, { x: 24 })), "/widgets/0/x", /<=23/],
    [
      "a widget over the edge",
      body(metricWidget([["a", "b"]], {}, { x: 20, width: 5 })),
      "/widgets/0",
      /^x and width together must not be more than 24$/,
    ],
    [
      "a metric with no name",
      body(metricWidget([["a"]])),
      "/widgets/0/properties/metrics/0",
      /^Should NOT have fewer than 2 items$/,
    ],
    [
      "half a dimension",
      body(metricWidget([["a", "b", "c"]])),
      "/widgets/0/properties/metrics/0",
      /^Dimension names and values must come in pairs$/,
    ],
    [
      "options before the end",
      body(metricWidget([["a", {}, "b"]])),
      "/widgets/0/properties/metrics/0",
      /^Options must be one object at the end$/,
    ],
    [
      "neither metrics nor alarms",
      body({ type: "metric", properties: { region: "r" } }),
      "/widgets/0/properties",
      /^Should have required property "metrics" or "annotations.alarms"$/,
    ],
    ["no region", body({ type: "metric", properties: { metrics: [["a", "b"]] } }), "/widgets/0/properties/region", /./],
  ] as const) {
    it(`refuse a body with ${what}, and say where`, () => {
      const [fault = "", ...others] = watch.stack.faults(type.dashboard, "d", { dashboardName: "shop", dashboardBody: text });
      assert.deepEqual(others, []);
      const [, count, list = "[]"] =
        /^dashboardBody: The dashboard body is invalid, there are (\d+) validation errors: (.*)$/s.exec(fault) ?? [];
      const faults = JSON.parse(list) as { dataPath: string; message: string }[];
      assert.equal(Number(count), faults.length, fault);
      assert.equal(faults[0]?.dataPath, dataPath, fault);
      assert.match(faults[0].message, message);
    });
  }

  it("tell every fault of a body at once", async () => {
    const broken = body(metricWidget([["a"]]), metricWidget([["a", "b", "c"]]));
    const made = await dashboard(body());
    await refused(
      watch.stack.engine.update(
        { urn: made.urn, region: REGION, inputs: { dashboardName: "shop", dashboardBody: broken } },
        made.id,
      ),
      "InvalidParameterInput",
      'The dashboard body is invalid, there are 2 validation errors: [{"dataPath":"/widgets/0/properties/metrics/0","message":"Should NOT have fewer than 2 items"},{"dataPath":"/widgets/1/properties/metrics/0","message":"Dimension names and values must come in pairs"}]',
    );
  });

  it("refuse a name that is none", () => {
    assert.deepEqual(watch.stack.faults(type.dashboard, "d", { dashboardName: "a b", dashboardBody: body() }), [
      'dashboardName: "a b" is not allowed: only letters, digits, hyphens and underscores are',
    ]);
  });
});

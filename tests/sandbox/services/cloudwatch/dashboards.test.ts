import assert from "node:assert/strict";
import { REGION } from "../../support/cloud.ts";
import { refused } from "../../support/refused.ts";
import { CloudWatchFixture, type } from "./support.ts";

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

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { Canary, EdgeMonitoring, type EdgeMonitoringArgs } from "../../../components/index.ts";
import { only, record, type Recorded, run } from "../../support/record.ts";
import { tags } from "../examples.ts";

const everything: EdgeMonitoringArgs["watched"] = {
  distributionId: "E2EXAMPLE",
  firewall: { metricName: "platform-firewall" },
  healthCheckId: "0123",
};

const edge = (watched: EdgeMonitoringArgs["watched"] = everything): Promise<Recorded[]> =>
  record(() => new EdgeMonitoring("edge", { accountId: "123456789012", email: "oncall@example.com", watched, tags }));

describe("EdgeMonitoring", () => {
  it("makes exactly these resources, all of them in us-east-1", async () => {
    const made = (await edge()).filter(({ type }) => !type.startsWith("platform:"));
    assert.deepEqual(made.map(({ name, type }) => `${type.split(":")[2] ?? ""} ${name}`).sort(), [
      "Alias edge-messages-alias",
      "Key edge-messages-key",
      "MetricAlarm edge-canary",
      "MetricAlarm edge-cdn-errors",
      "MetricAlarm edge-firewall-blocked",
      "Topic edge-topics-critical",
      "Topic edge-topics-warning",
      "TopicPolicy edge-topics-critical-policy",
      "TopicPolicy edge-topics-warning-policy",
      "TopicSubscription edge-topics-critical-email",
      "TopicSubscription edge-topics-warning-email",
    ]);
    assert.deepEqual(
      made.filter(({ inputs }) => inputs["region"] !== "us-east-1").map(({ name }) => name),
      [],
    );
  });

  it("watches only what there is", async () => {
    const alarms = (await edge({ healthCheckId: "0123" })).filter(({ type }) => type.endsWith(":MetricAlarm"));
    assert.deepEqual(
      alarms.map(({ name }) => name),
      ["edge-canary"],
    );
  });

  const watches: readonly (readonly [role: string, metric: string, dimensions: Record<string, string>, threshold: number])[] = [
    ["cdn-errors", "5xxErrorRate", { DistributionId: "E2EXAMPLE", Region: "Global" }, 1],
    ["canary", "HealthCheckStatus", { HealthCheckId: "0123" }, 1],
    ["firewall-blocked", "BlockedRequests", { WebACL: "platform-firewall", Rule: "ALL" }, 1000],
  ];
  for (const [role, metric, dimensions, threshold] of watches)
    it(`watches ${metric} for ${role}, and names the section that says what to do`, async () => {
      const { inputs } = only(await edge(), `edge-${role}`);
      assert.deepEqual([inputs["metricName"], inputs["dimensions"], inputs["threshold"]], [metric, dimensions, threshold]);
      const page = readFileSync(new URL("../../../docs/operations/alarms.md", import.meta.url), "utf8");
      assert.ok((inputs["alarmDescription"] as string).endsWith(`docs/operations/alarms.md#${role}`));
      assert.ok(page.includes(`\n### ${role}\n`));
    });

  it("takes a check that says nothing for one that failed", async () => {
    assert.equal(only(await edge(), "edge-canary").inputs["treatMissingData"], "breaching");
  });

  it("speaks to topics of its own, with a key that may go with them", async () => {
    const resources = await edge();
    assert.deepEqual(only(resources, "edge-cdn-errors").inputs["alarmActions"], ["arn:test:edge-topics-critical"]);
    assert.equal(only(resources, "edge-topics-critical").inputs["kmsMasterKeyId"], "arn:test:edge-messages-key");
    const { inputs, protect } = only(resources, "edge-messages-key");
    assert.deepEqual([protect, inputs["tags"]], [false, { "platform:name": "test", "platform:data": "copy" }]);
  });
});

describe("Canary", () => {
  it("asks for /readyz under the product's name, over TLS, every half minute", async () => {
    const resources = await record(() => new Canary("canary", { domain: "shop.example.com", tags }));
    assert.deepEqual(only(resources, "canary-check").inputs, {
      type: "HTTPS",
      fqdn: "shop.example.com",
      port: 443,
      resourcePath: "/readyz",
      enableSni: true,
      requestInterval: 30,
      failureThreshold: 3,
      measureLatency: true,
      tags: { "platform:name": "test", Name: "canary" },
    });
  });

  it("gives the id by which its alarm finds it", async () => {
    const { result } = await run(() => new Canary("canary", { domain: "shop.example.com", tags }).healthCheckId);
    assert.equal(result, "canary-check-id");
  });

  it("refuses what is no path", async () => {
    await assert.rejects(
      record(() => new Canary("canary", { domain: "shop.example.com", path: "readyz", tags })),
      new RangeError('Canary "canary": path is readyz; allowed: a path that begins with /'),
    );
  });
});

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { Monitoring, type MonitoringArgs } from "../../../components/index.ts";
import { only, record, type Recorded } from "../../support/record.ts";
import { tags } from "../examples.ts";

type Watched = MonitoringArgs["watched"];

const always = {
  namespace: "Test",
  database: { clusterIdentifier: "platform-db", minAcu: 0.5, maxAcu: 8 },
  backupVaultName: "platform-backup",
};
const oneServer: Watched = { ...always, server: { instanceId: "i-1", instanceType: "t4g.small" } };
const fleet: Watched = {
  ...always,
  balancer: { arnSuffix: "app/front/1", targets: { servers: "targetgroup/servers/2" } },
  groups: {
    web: { groupName: "platform-web", instanceType: "m7g.large", maxServers: 6 },
    workers: { groupName: "platform-workers", instanceType: "t4g.small", maxServers: 4 },
  },
  readers: true,
  pooler: { proxyName: "platform-pooler" },
  cache: { nodeIds: ["platform-cache-001", "platform-cache-002"] },
  jobs: { queueName: "jobs", failedName: "jobs-failed" },
};

const monitoring = (watched: Watched): Promise<Recorded[]> =>
  record(
    () =>
      new Monitoring("watch", {
        region: "eu-central-1",
        watched,
        topicArns: { critical: "arn:test:critical", warning: "arn:test:warning" },
        monthlyBudgetUsd: 200,
        tags,
      }),
  );

const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";
const alarmsOf = (resources: readonly Recorded[]): Recorded[] => resources.filter(({ type }) => type === ALARM);
const roleOf = ({ name }: Recorded): string => name.replace(/^watch-/, "");
const rolesOf = async (watched: Watched): Promise<string[]> =>
  alarmsOf(await monitoring(watched))
    .map(roleOf)
    .sort();

/** The titles of the dashboard's graphs. */
async function graphs(watched: Watched): Promise<string[]> {
  const { inputs } = only(await monitoring(watched), "watch-dashboard");
  const body = JSON.parse(inputs["dashboardBody"] as string) as { widgets: { properties: { title: string } }[] };
  return body.widgets.map(({ properties }) => properties.title);
}

const ALWAYS = ["backup-failed", "database-capacity", "database-connections", "error-rate", "latency", "restore-failed"];

describe("Monitoring", () => {
  it("watches one server and its database by these alarms, under the names that deployed stacks know", async () => {
    const ofServer = ["containers", "cpu", "credits", "disk", "health", "hung", "memory"].map((role) => `server-${role}`);
    assert.deepEqual(await rolesOf(oneServer), [...ALWAYS, ...ofServer].sort());
  });

  it("watches a fleet, workers and stores by these, and keeps the names of what both have", async () => {
    const ofGroup = (role: string) => ["at-most", "cpu", "disk", "memory"].map((what) => `${role}-${what}`);
    assert.deepEqual(
      await rolesOf(fleet),
      [
        ...ALWAYS,
        "balancer-empty-servers",
        "balancer-errors",
        "balancer-latency",
        "balancer-unhealthy-servers",
        "cache-cpu",
        "cache-evictions",
        "cache-memory",
        "jobs-failed",
        "jobs-late",
        "jobs-waiting",
        "pooler-pinned",
        "pooler-waits",
        "reader-lag",
        ...ofGroup("web"),
        ...ofGroup("workers"),
        "workers-credits",
      ].sort(),
    );
  });

  it("tells somebody of each alarm, when it goes off and when all is well again", async () => {
    for (const { inputs, name } of alarmsOf(await monitoring({ ...fleet, ...oneServer }))) {
      const [topic] = inputs["okActions"] as string[];
      assert.match(topic ?? "", /^arn:test:(critical|warning)$/, name);
      assert.equal((inputs["alarmActions"] as string[])[0], topic, name);
    }
  });

  it("names for each alarm a section of the page that says what to do", async () => {
    const page = readFileSync(new URL("../../../docs/operations/alarms.md", import.meta.url), "utf8");
    for (const alarm of alarmsOf(await monitoring({ ...fleet, ...oneServer }))) {
      const description = alarm.inputs["alarmDescription"] as string;
      const [, section = ""] = /\. What to do: docs\/operations\/alarms\.md#([a-z-]+)$/.exec(description) ?? [];
      assert.ok(page.includes(`\n### ${section}\n`), `${alarm.name}: ${description}`);
    }
  });

  it("wakes somebody for failed requests, counting those that no server ever saw", async () => {
    const { inputs } = only(await monitoring(fleet), "watch-balancer-errors");
    const metric = (metricName: string) => ({
      metric: {
        namespace: "AWS/ApplicationELB",
        dimensions: { LoadBalancer: "app/front/1" },
        metricName,
        stat: "Sum",
        period: 60,
      },
      returnData: false,
    });
    assert.deepEqual(inputs["metricQueries"], [
      { id: "servers", ...metric("HTTPCode_Target_5XX_Count") },
      { id: "own", ...metric("HTTPCode_ELB_5XX_Count") },
      { id: "requests", ...metric("RequestCount") },
      {
        id: "reckoned",
        expression:
          "IF((FILL(servers, 0) + FILL(own, 0)) >= 3, 100 * (FILL(servers, 0) + FILL(own, 0)) / (FILL(requests, 0) + FILL(own, 0)), 0)",
        label: "Failed requests in %",
        returnData: true,
      },
    ]);
    assert.deepEqual([inputs["threshold"], inputs["datapointsToAlarm"], inputs["evaluationPeriods"]], [1, 3, 5]);
    assert.deepEqual(inputs["alarmActions"], ["arn:test:critical"]);
  });

  it("gives the load balancer's alarms names that are known before they are there, so that a release can look at them", async () => {
    const resources = alarmsOf(await monitoring(fleet));
    assert.deepEqual(
      resources
        .filter(({ inputs }) => inputs["name"] !== undefined)
        .map(({ inputs, name }) => [name, inputs["name"]])
        .sort(),
      [
        ["watch-balancer-errors", "watch-balancer-errors"],
        ["watch-balancer-latency", "watch-balancer-latency"],
      ],
    );
  });

  /** An alarm's role, and what it watches from which threshold on. */
  const thresholds: readonly (readonly [role: string, metric: string, dimensions: Record<string, string>, threshold: number])[] =
    [
      ["balancer-latency", "TargetResponseTime", { LoadBalancer: "app/front/1" }, 0.5],
      [
        "balancer-unhealthy-servers",
        "UnHealthyHostCount",
        { LoadBalancer: "app/front/1", TargetGroup: "targetgroup/servers/2" },
        0,
      ],
      ["balancer-empty-servers", "HealthyHostCount", { LoadBalancer: "app/front/1", TargetGroup: "targetgroup/servers/2" }, 1],
      ["web-cpu", "CPUUtilization", { AutoScalingGroupName: "platform-web" }, 80],
      ["web-disk", "disk_used_percent", { AutoScalingGroupName: "platform-web", path: "/" }, 80],
      ["web-at-most", "GroupDesiredCapacity", { AutoScalingGroupName: "platform-web" }, 6],
      ["workers-at-most", "GroupDesiredCapacity", { AutoScalingGroupName: "platform-workers" }, 4],
      ["reader-lag", "AuroraReplicaLag", { DBClusterIdentifier: "platform-db", Role: "READER" }, 1000],
      ["pooler-waits", "DatabaseConnectionsBorrowLatency", { ProxyName: "platform-pooler" }, 100_000],
      ["jobs-late", "ApproximateAgeOfOldestMessage", { QueueName: "jobs" }, 300],
      ["jobs-waiting", "ApproximateNumberOfMessagesVisible", { QueueName: "jobs" }, 10_000],
      ["jobs-failed", "ApproximateNumberOfMessagesVisible", { QueueName: "jobs-failed" }, 0],
    ];
  for (const [role, metric, dimensions, threshold] of thresholds)
    it(`watches ${metric} for ${role}`, async () => {
      const { inputs } = only(await monitoring(fleet), `watch-${role}`);
      assert.deepEqual([inputs["metricName"], inputs["dimensions"], inputs["threshold"]], [metric, dimensions, threshold]);
    });

  it("watches the cache's fullest node, however well the others are", async () => {
    const { inputs } = only(await monitoring(fleet), "watch-cache-memory");
    const queries = inputs["metricQueries"] as { id: string; expression?: string }[];
    assert.deepEqual(
      queries.map(({ expression, id }) => expression ?? id),
      ["node1", "node2", "MAX([node1, node2])"],
    );
  });

  it("lets the caller say how long, and how many, jobs may wait", async () => {
    const jobs = { queueName: "jobs", failedName: "jobs-failed", longestWaitSeconds: 60, mostWaiting: 50 };
    const resources = await monitoring({ ...fleet, jobs });
    assert.equal(only(resources, "watch-jobs-late").inputs["threshold"], 60);
    assert.equal(only(resources, "watch-jobs-waiting").inputs["threshold"], 50);
  });

  it("draws a graph for each part that there is", async () => {
    assert.deepEqual(await graphs(oneServer), [
      "Requests and failures a minute",
      "Latency in ms",
      "Server: processor in %",
      "Server: memory and disk in %",
      "Server: containers that run",
      "Database: capacity in ACU",
      "Database: connections",
      "Backups: failed copies and restores",
    ]);
    assert.deepEqual(await graphs(fleet), [
      "Requests and failures a minute",
      "Latency in ms",
      "Load balancer: requests and failures a minute",
      "Load balancer: seconds until servers answer",
      "Load balancer: healthy targets of servers, and others",
      "Servers of web: processor, memory and disk in %",
      "Servers of web: how many",
      "Servers of workers: processor, memory and disk in %",
      "Servers of workers: how many",
      "Database: capacity in ACU",
      "Database: connections",
      "Readers: behind the writer, in ms",
      "Pooler: connections of clients and to the database",
      "Pooler: wait for a connection, in microseconds",
      "Cache: memory in %",
      "Cache: hits, misses and evictions",
      "Jobs: waiting and failed",
      "Jobs: age of the oldest, in s",
      "Backups: failed copies and restores",
    ]);
  });
});

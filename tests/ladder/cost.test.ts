import assert from "node:assert/strict";
import type { Change } from "../../ladder/src/changes.ts";
import { costOf, estimate } from "../../ladder/src/cost/estimate.ts";

const resource = (type: string, inputs: Record<string, unknown> = {}, name = "one") => ({ type, name, inputs });
const TEMPLATE = (instanceType: string, name = "shop-web-template") =>
  resource("aws:ec2/launchTemplate:LaunchTemplate", { instanceType, blockDeviceMappings: [{ ebs: { volumeSize: 20 } }] }, name);
const CLUSTER = resource("aws:rds/cluster:Cluster", { serverlessv2ScalingConfiguration: { minCapacity: 0.5, maxCapacity: 8 } });

const rounded = (amount: number) => Math.round(amount * 100) / 100;
const sums = (resources: Parameters<typeof estimate>[0]) => {
  const { full, idle } = estimate(resources);
  return [rounded(idle), rounded(full)];
};

describe("the cost of a month", () => {
  it("is nothing for what is charged by use", () => {
    assert.deepEqual(
      sums([resource("aws:sqs/queue:Queue"), resource("aws:s3/bucket:Bucket"), resource("aws:ec2/vpc:Vpc")]),
      [0, 0],
    );
  });

  it("is a server's hours and its template's disk", () => {
    // 0.0192 USD an hour and 20 GB of gp3 at 0.0952 USD.
    const server = resource("aws:ec2/instance:Instance", { launchTemplate: { id: "lt-1" } }, "shop-web-instance");
    assert.deepEqual(sums([TEMPLATE("t4g.small"), server]), [15.92, 15.92]);
  });

  it("is the database at its least and its most capacity, for each instance", () => {
    const instance = resource("aws:rds/clusterInstance:ClusterInstance");
    assert.deepEqual(sums([CLUSTER, instance]), [51.1, 817.6]);
    assert.deepEqual(sums([CLUSTER, instance, instance]), [102.2, 1635.2]);
  });

  it("charges a pooler for eight ACU at least", () => {
    assert.deepEqual(sums([CLUSTER, resource("aws:rds/proxy:Proxy")]), [105.12, 105.12]);
  });

  it("is a fleet at its smallest and its largest, with the disks of those that wait", () => {
    const fleet = resource("aws:autoscaling/group:Group", { minSize: 2, maxSize: 6, warmPool: { minSize: 1 } }, "shop-web-group");
    // 14.016 USD a server and 1.904 USD a disk.
    assert.deepEqual(sums([TEMPLATE("t4g.small"), fleet]), [33.74, 97.42]);
  });

  it("takes each fleet's own template", () => {
    const fleets = ["shop-web", "shop-workers"].map((name) =>
      resource("aws:autoscaling/group:Group", { minSize: 1, maxSize: 1 }, `${name}-group`),
    );
    const templates = [TEMPLATE("t4g.small", "shop-web-template"), TEMPLATE("t4g.micro", "shop-workers-template")];
    assert.deepEqual(sums([...templates, ...fleets]), [24.83, 24.83]);
  });

  it("charges an interface endpoint for each zone, and a gateway endpoint not at all", () => {
    const endpoint = (vpcEndpointType: string) =>
      resource("aws:ec2/vpcEndpoint:VpcEndpoint", { vpcEndpointType, subnetIds: ["a", "b", "c"] });
    assert.deepEqual(sums([endpoint("Interface"), endpoint("Gateway")]), [26.28, 26.28]);
  });

  it("charges an alarm for each metric that it reads", () => {
    const two = resource("aws:cloudwatch/metricAlarm:MetricAlarm", {
      metricQueries: [{ metric: {} }, { metric: {} }, { expression: "a/b" }],
    });
    assert.deepEqual(sums([two, resource("aws:cloudwatch/metricAlarm:MetricAlarm", { metricName: "x" })]), [0.3, 0.3]);
  });

  it("names the sizes that it has no price for, and leaves them out", () => {
    const { idle, unknown } = estimate([
      TEMPLATE("z9.huge"),
      resource("aws:ec2/instance:Instance"),
      resource("aws:elasticache/replicationGroup:ReplicationGroup", { nodeType: "cache.z9", numCacheClusters: 2 }),
    ]);
    assert.deepEqual(unknown, ["cache.z9", "z9.huge"]);
    assert.equal(rounded(idle), 1.9);
  });

  it("puts the dearest first", () => {
    const { lines } = estimate([
      resource("aws:kms/key:Key"),
      resource("aws:ec2/natGateway:NatGateway"),
      resource("aws:kms/key:Key"),
    ]);
    assert.deepEqual(
      lines.map(({ count, what }) => `${count} ${what}`),
      ["1 NAT gateway", "2 key"],
    );
  });

  it("is compared before and after a change", () => {
    const state = { inputs: {}, protect: false, retainOnDelete: false, custom: true };
    const change = (op: string, type: string, sides: Partial<Change>): Change => ({
      op,
      urn: `u::${type}`,
      type,
      name: type,
      replaceReasons: [],
      ...sides,
    });
    const { after, before } = costOf([
      change("same", "aws:kms/key:Key", { before: state, after: state }),
      change("create", "aws:secretsmanager/secret:Secret", { after: state }),
      change("delete", "aws:cloudwatch/dashboard:Dashboard", { before: state }),
    ]);
    assert.deepEqual([rounded(before.idle), rounded(after.idle)], [4, 1.4]);
  });
});

import assert from "node:assert/strict";
import type { Resource } from "../../../../sandbox/src/core/definition.ts";
import { statisticSeries } from "../../../../sandbox/src/services/cloudwatch/metric-data.ts";
import { putMetric } from "../../../../sandbox/src/services/cloudwatch/metrics.ts";
import { GroupMetrics } from "../../../../sandbox/src/services/autoscaling/metrics.ts";
import { REGION } from "../../support/cloud.ts";
import { AsgFixture, type } from "./support.ts";

const MINUTE = 60_000;

describe("the metrics of a group of servers", () => {
  let asg: AsgFixture;
  let subnets: Resource[];
  let template: Resource;
  beforeEach(async () => {
    asg = new AsgFixture();
    ({ subnets } = await asg.three());
    template = await asg.template();
  });
  afterEach(() => asg.end());

  const minute = (): number => Math.floor(asg.cloud.now() / MINUTE) * MINUTE;

  it("say how large it is, once a minute, where it wants that", async () => {
    const enabledMetrics = [
      "GroupMinSize",
      "GroupMaxSize",
      "GroupDesiredCapacity",
      "GroupInServiceInstances",
      "GroupPendingInstances",
    ];
    await asg.servers(template, subnets, { desiredCapacity: 2, enabledMetrics });
    await asg.servers(template, subnets, { name: "quiet" });
    asg.cloud.metrics.length = 0;
    new GroupMetrics(asg.cloud).collect(minute());
    assert.deepEqual(
      asg.cloud.metrics.map(({ dimensions, name, namespace, value }) => [namespace, dimensions, name, value]),
      [
        ["AWS/AutoScaling", { AutoScalingGroupName: "web" }, "GroupMinSize", 1],
        ["AWS/AutoScaling", { AutoScalingGroupName: "web" }, "GroupMaxSize", 4],
        ["AWS/AutoScaling", { AutoScalingGroupName: "web" }, "GroupDesiredCapacity", 2],
        ["AWS/AutoScaling", { AutoScalingGroupName: "web" }, "GroupInServiceInstances", 2],
        ["AWS/AutoScaling", { AutoScalingGroupName: "web" }, "GroupPendingInstances", 0],
      ],
    );
  });

  it("say how busy its instances are, without those that still warm up", async () => {
    const group = await asg.servers(template, subnets, { desiredCapacity: 2, defaultInstanceWarmup: 120 });
    asg.cloud.pass(3 * MINUTE);
    await asg.stack.update(group, "r", asg.inputs(template, subnets, { desiredCapacity: 3, defaultInstanceWarmup: 120 }));
    const at = minute();
    for (const [index, id] of asg.inService(group).entries())
      putMetric(asg.cloud, "AWS/EC2", "CPUUtilization", { InstanceId: id }, [10, 30, 100][index] ?? 0, {
        unit: "Percent",
        at,
        region: REGION,
      });
    const cloud = {
      ...asg.cloud,
      putMetric: (...point: Parameters<typeof asg.cloud.putMetric>) => {
        putMetric(asg.cloud, ...point);
      },
    };
    new GroupMetrics(cloud).collect(at);
    const metric = { namespace: "AWS/EC2", name: "CPUUtilization", dimensions: { AutoScalingGroupName: "web" }, stat: "Average" };
    assert.deepEqual([...statisticSeries(asg.cloud, REGION, metric, { starts: [at], seconds: 60 })], [[at, 20]]);
  });

  it("are those that there are", () => {
    assert.deepEqual(asg.faults(type.servers, asg.inputs(template, subnets, { enabledMetrics: ["GroupLoad"] })), [
      'enabledMetrics[]: "GroupLoad" is not one of the allowed values: GroupMinSize, GroupMaxSize, GroupDesiredCapacity, GroupInServiceInstances, GroupPendingInstances, GroupStandbyInstances, GroupTerminatingInstances, GroupTotalInstances, GroupInServiceCapacity, GroupPendingCapacity, GroupStandbyCapacity, GroupTerminatingCapacity, GroupTotalCapacity',
    ]);
  });
});

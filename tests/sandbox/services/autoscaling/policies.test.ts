import assert from "node:assert/strict";
import type { Resource } from "../../../../sandbox/src/core/definition.ts";
import { type Props, text } from "../../../../sandbox/src/core/values.ts";
import { setAlarmState } from "../../../../sandbox/src/services/cloudwatch/alarms.ts";
import { putMetric } from "../../../../sandbox/src/services/cloudwatch/metrics.ts";
import { adjusted, stepFor } from "../../../../sandbox/src/services/autoscaling/step-scaling.ts";
import { REGION } from "../../support/cloud.ts";
import { refused } from "../../support/refused.ts";
import { AsgFixture, type } from "./support.ts";

const MINUTE = 60_000;
const CPU = { predefinedMetricType: "ASGAverageCPUUtilization" };

describe("a scaling policy", () => {
  let asg: AsgFixture;
  let subnets: Resource[];
  let template: Resource;
  let group: Resource;
  beforeEach(async () => {
    asg = new AsgFixture();
    ({ subnets } = await asg.three());
    template = await asg.template();
    group = await asg.servers(template, subnets, { minSize: 1, maxSize: 6, desiredCapacity: 2, defaultInstanceWarmup: 120 });
    // Everything that stands has warmed up, and a quarter of a minute is over.
    asg.cloud.pass(5 * MINUTE + 15_000 - (asg.cloud.now() % MINUTE));
  });
  afterEach(() => asg.end());

  const policy = (inputs: Props): Promise<Resource> => asg.create(type.policy, { autoscalingGroupName: group.id, ...inputs });
  const track = (targetValue: number, configuration: Props = { predefinedMetricSpecification: CPU }): Promise<Resource> =>
    policy({
      name: `track-${targetValue}`,
      policyType: "TargetTrackingScaling",
      targetTrackingConfiguration: { targetValue, ...configuration },
    });
  const desired = async (): Promise<unknown> =>
    (await asg.stack.engine.read(type.servers, group.id, REGION))?.outputs["desiredCapacity"];

  /** Lets minutes pass, in each of which the metric has that value; the group is looked after meanwhile. */
  async function minutes(
    count: number,
    value: number,
    name = "CPUUtilization",
    namespace = "AWS/EC2",
    dimensions: Record<string, string> = { AutoScalingGroupName: "web" },
  ): Promise<void> {
    for (let minute = 0; minute < count; minute++) {
      putMetric(asg.cloud, namespace, name, dimensions, value, { at: asg.cloud.now(), region: REGION });
      asg.cloud.pass(MINUTE);
      asg.fleet.look();
      await asg.fleet.settled();
    }
  }

  describe("that tracks a target", () => {
    it("is known by its ARN", async () => {
      const { id, outputs } = await track(50);
      assert.equal(id, "track-50");
      const { arn, ...rest } = outputs;
      assert.match(
        typeof arn === "string" ? arn : "",
        /^arn:aws:autoscaling:eu-central-1:123456789012:scalingPolicy:[0-9a-f-]{36}:autoScalingGroupName\/web:policyName\/track-50$/,
      );
      assert.deepEqual(rest, {
        autoscalingGroupName: "web",
        enabled: true,
        name: "track-50",
        policyType: "TargetTrackingScaling",
        targetTrackingConfiguration: { targetValue: 50, predefinedMetricSpecification: CPU },
      });
    });

    it("makes the group as large as the load needs, after three minutes above the target", async () => {
      await track(50);
      await minutes(2, 90);
      assert.equal(await desired(), 2);
      await minutes(1, 90);
      // Two instances at 90 % are four at 45 %.
      assert.equal(await desired(), 4);
      assert.equal(asg.inService(group).length, 4);
      assert.ok(asg.cloud.notes.includes("The group web goes from 2 to 4 by its policy track-50: 90 is above the target of 50"));
    });

    it("does not grow any further for what those bring that still warm up", async () => {
      await track(50);
      await minutes(4, 90);
      assert.equal(await desired(), 4);
      // They have warmed up, and the load has grown all the same.
      await minutes(3, 90);
      assert.equal(await desired(), 6);
    });

    it("shrinks by one at a time, after fifteen minutes well below the target", async () => {
      await track(50);
      await minutes(3, 90);
      await minutes(14, 20);
      assert.equal(await desired(), 4);
      await minutes(1, 20);
      assert.equal(await desired(), 3);
      await minutes(1, 20);
      assert.equal(await desired(), 2);
      await minutes(5, 20);
      // One instance bears that at 40 %, and there is no less.
      assert.equal(await desired(), 1);
    });

    it("never shrinks so far that the target would be missed, nor without data", async () => {
      await track(50);
      await minutes(20, 40);
      assert.equal(await desired(), 2);
      asg.cloud.pass(20 * MINUTE);
      asg.fleet.look();
      assert.equal(await desired(), 2);
    });

    it("shrinks only when every policy agrees, and one that may not shrink it has no say", async () => {
      await track(50);
      const metric = {
        namespace: "Shop",
        metricName: "Waiting",
        statistic: "Maximum",
        metricDimensions: [{ name: "Queue", value: "mail" }],
      };
      await track(100, { customizedMetricSpecification: metric });
      const both = async (count: number, waiting: number): Promise<void> => {
        for (let minute = 0; minute < count; minute++) {
          putMetric(asg.cloud, "Shop", "Waiting", { Queue: "mail" }, waiting, { at: asg.cloud.now(), region: REGION });
          await minutes(1, 5);
        }
      };
      await both(18, 95);
      assert.equal(await desired(), 2);
      await asg.stack.update(await track(101, { customizedMetricSpecification: metric }), "r", {
        name: "track-101",
        autoscalingGroupName: "web",
        policyType: "TargetTrackingScaling",
        targetTrackingConfiguration: { targetValue: 1, customizedMetricSpecification: metric, disableScaleIn: true },
      });
      await both(3, 95);
      assert.equal(await desired(), 6);
    });

    it("reckons with expressions over metrics, such as the jobs that wait for each server", async () => {
      const metric = (id: string, namespace: string, metricName: string, name: string, value: string): Props => ({
        id,
        metricStat: { metric: { namespace, metricName, dimensions: [{ name, value }] }, stat: "Maximum" },
        returnData: false,
      });
      const metrics = [
        metric("waiting", "AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", "jobs"),
        metric("servers", "AWS/AutoScaling", "GroupInServiceInstances", "AutoScalingGroupName", "web"),
        { id: "backlog", expression: "waiting / servers" },
      ];
      await track(100, { customizedMetricSpecification: { metrics } });
      for (let minute = 0; minute < 3; minute++) {
        putMetric(asg.cloud, "AWS/SQS", "ApproximateNumberOfMessagesVisible", { QueueName: "jobs" }, 500, {
          at: asg.cloud.now(),
        });
        await minutes(1, 2, "GroupInServiceInstances", "AWS/AutoScaling");
      }
      // 500 jobs are 250 for each of two; five servers have 100 each.
      assert.equal(await desired(), 5);
    });

    it("does nothing while what alarms say is suspended", async () => {
      await track(50);
      await asg.stack.update(group, "r", { ...group.inputs, suspendedProcesses: ["AlarmNotification"] });
      await minutes(4, 90);
      assert.equal(await desired(), 2);
    });

    it("counts requests only for a target group that a load balancer uses, and the group stands behind", async () => {
      const label = (balancer: Resource, targets: Resource): string =>
        `${balancer.id.split("loadbalancer/")[1] ?? ""}/${targets.id.split(":").at(-1) ?? ""}`;
      const vpcId = asg.cloud.world.all(type.vpc)[0];
      assert.ok(vpcId);
      const [balancer, targets] = [await asg.balancer(subnets), await asg.group(vpcId)];
      const spec = {
        predefinedMetricSpecification: {
          predefinedMetricType: "ALBRequestCountPerTarget",
          resourceLabel: label(balancer, targets),
        },
      };
      await refused(track(10, spec), "ValidationError", "The load balancer does not route traffic to the target group.");
      await asg.listener(balancer, targets);
      await refused(track(10, spec), "ValidationError", "The target group web is not attached to the Auto Scaling group web.");
      group = await asg.stack.update(group, "r", { ...group.inputs, targetGroupArns: [targets.id] });
      await track(10, spec);
      const suffix = targets.id.split(":").at(-1) ?? "";
      await minutes(3, 30, "RequestCountPerTarget", "AWS/ApplicationELB", { TargetGroup: suffix });
      assert.equal(await desired(), 6);
    });
  });

  describe("that an alarm drives", () => {
    const alarm = (action: Resource): Promise<Resource> =>
      asg.create(type.alarm, {
        name: "busy",
        namespace: "AWS/EC2",
        metricName: "CPUUtilization",
        dimensions: { AutoScalingGroupName: "web" },
        statistic: "Average",
        period: 60,
        evaluationPeriods: 1,
        threshold: 60,
        comparisonOperator: "GreaterThanThreshold",
        alarmActions: [text(action.outputs, "arn")],
      });

    it("goes by the step into which the breach falls, and waits for what warms up", async () => {
      const steps = await policy({
        name: "steps",
        policyType: "StepScaling",
        adjustmentType: "ChangeInCapacity",
        stepAdjustments: [
          { scalingAdjustment: 1, metricIntervalLowerBound: "0", metricIntervalUpperBound: "20" },
          { scalingAdjustment: 3, metricIntervalLowerBound: "20" },
        ],
      });
      assert.equal(steps.outputs["metricAggregationType"], "Average");
      const busy = await alarm(steps);
      setAlarmState(asg.cloud, busy, "ALARM", "it is busy");
      await minutes(1, 70);
      assert.equal(await desired(), 3);
      await minutes(1, 90);
      assert.equal(await desired(), 5);
      setAlarmState(asg.cloud, busy, "OK", "it is not");
      await minutes(3, 90);
      assert.equal(await desired(), 5);
    });

    it("is simple: once, and then not before its cooldown is over", async () => {
      const simple = await policy({
        name: "half",
        adjustmentType: "PercentChangeInCapacity",
        scalingAdjustment: 50,
        cooldown: 180,
      });
      assert.equal(simple.outputs["policyType"], "SimpleScaling");
      setAlarmState(asg.cloud, await alarm(simple), "ALARM", "it is busy");
      await minutes(3, 70);
      assert.equal(await desired(), 3);
      await minutes(1, 70);
      assert.equal(await desired(), 4);
    });

    it("does nothing while it is off", async () => {
      const off = await policy({ name: "off", adjustmentType: "ExactCapacity", scalingAdjustment: 5, enabled: false });
      setAlarmState(asg.cloud, await alarm(off), "ALARM", "it is busy");
      await minutes(2, 70);
      assert.equal(await desired(), 2);
    });
  });

  describe("that changes a capacity", () => {
    for (const [type, capacity, by, least, result] of [
      ["ChangeInCapacity", 4, -3, undefined, 1],
      ["ExactCapacity", 4, 7, undefined, 7],
      ["PercentChangeInCapacity", 4, 10, undefined, 5],
      ["PercentChangeInCapacity", 4, -10, undefined, 3],
      ["PercentChangeInCapacity", 10, 35, undefined, 13],
      ["PercentChangeInCapacity", 10, 10, 4, 14],
    ] as const)
      it(`makes ${capacity} to ${result} by ${type} ${by}${least === undefined ? "" : `, by ${least} at the least`}`, () => {
        assert.equal(adjusted(capacity, { type, by, ...(least !== undefined && { least }) }), result);
      });

    it("takes bounds as AWS does: of a breach above the lower one, below the threshold the upper one", () => {
      const steps = [
        { scalingAdjustment: -2, metricIntervalUpperBound: "-10" },
        { scalingAdjustment: -1, metricIntervalLowerBound: "-10", metricIntervalUpperBound: "0" },
        { scalingAdjustment: 1, metricIntervalLowerBound: "0", metricIntervalUpperBound: "10" },
      ];
      assert.deepEqual(
        [-11, -10, -9, 0, 9, 10].map((breach) => stepFor(steps, breach)),
        [-2, -2, -1, 1, 1, undefined],
      );
    });
  });

  it("is refused with every fault at once", () => {
    const faults = (inputs: Props): string[] => asg.faults(type.policy, { name: "p", autoscalingGroupName: "web", ...inputs });
    assert.deepEqual(faults({ policyType: "TargetTrackingScaling", scalingAdjustment: 1, cooldown: 60 }), [
      "name: TargetTrackingScaling needs targetTrackingConfiguration; scalingAdjustment does not go with TargetTrackingScaling; cooldown does not go with TargetTrackingScaling",
    ]);
    assert.deepEqual(
      faults({
        policyType: "StepScaling",
        adjustmentType: "ChangeInCapacity",
        minAdjustmentMagnitude: 2,
        stepAdjustments: [
          { scalingAdjustment: 1, metricIntervalUpperBound: "10" },
          { scalingAdjustment: 2, metricIntervalLowerBound: "20" },
        ],
      }),
      [
        "name: the steps must neither overlap nor leave a gap between them",
        "minAdjustmentMagnitude: minAdjustmentMagnitude goes with PercentChangeInCapacity only",
      ],
    );
    const tracked = (configuration: Props): string[] =>
      faults({ policyType: "TargetTrackingScaling", targetTrackingConfiguration: { targetValue: 1, ...configuration } });
    assert.deepEqual(tracked({}), [
      "targetTrackingConfiguration: exactly one of predefinedMetricSpecification and customizedMetricSpecification must be given (given: none)",
    ]);
    assert.deepEqual(tracked({ predefinedMetricSpecification: { predefinedMetricType: "ASGAverageNetworkIn" } }), [
      'targetTrackingConfiguration.predefinedMetricSpecification: "ASGAverageNetworkIn": the sandbox does not measure the network of single servers; it measures ASGAverageCPUUtilization, ALBRequestCountPerTarget',
    ]);
    assert.deepEqual(
      tracked({ predefinedMetricSpecification: { predefinedMetricType: "ALBRequestCountPerTarget", resourceLabel: "web" } }),
      [
        "targetTrackingConfiguration.predefinedMetricSpecification: resourceLabel: \"web\" is not app/NAME/ID/targetgroup/NAME/ID, the ends of the load balancer's and the target group's ARNs",
      ],
    );
    assert.deepEqual(tracked({ customizedMetricSpecification: { metrics: [{ id: "a", expression: "b + 1" }] } }), [
      "targetTrackingConfiguration.customizedMetricSpecification: Invalid metric math: the expression a names b, which is not among a",
    ]);
  });

  it("accepts a forecast that is only looked at, and refuses to scale by one", () => {
    const foresee = (mode: string): string[] =>
      asg.faults(type.policy, {
        name: "forecast",
        autoscalingGroupName: "web",
        policyType: "PredictiveScaling",
        predictiveScalingConfiguration: { mode, metricSpecification: { targetValue: 50 }, schedulingBufferTime: "300" },
      });
    assert.deepEqual(foresee("ForecastOnly"), []);
    assert.deepEqual(foresee("ForecastAndScale"), [
      "predictiveScalingConfiguration.mode: the sandbox makes no forecasts, which take two weeks of load to learn from: it accepts ForecastOnly, which changes no capacity",
    ]);
  });
});

import assert from "node:assert/strict";
import type { Resource } from "../../../../sandbox/src/core/definition.ts";
import { activitiesOf } from "../../../../sandbox/src/services/autoscaling/activities.ts";
import { refused } from "../../support/refused.ts";
import { AsgFixture, type } from "./support.ts";

describe("a group of servers of the sandbox", () => {
  let asg: AsgFixture;
  let subnets: Resource[];
  let template: Resource;
  beforeEach(async () => {
    asg = new AsgFixture();
    ({ subnets } = await asg.three());
    template = await asg.template();
  });
  afterEach(() => asg.end());

  it("has what the provider reads back", async () => {
    const group = await asg.servers(template, subnets, {
      desiredCapacity: 2,
      tags: [{ key: "App", value: "shop", propagateAtLaunch: true }],
    });
    assert.equal(group.id, "web");
    const { arn, vpcZoneIdentifiers, ...outputs } = group.outputs;
    assert.match(
      typeof arn === "string" ? arn : "",
      /^arn:aws:autoscaling:eu-central-1:123456789012:autoScalingGroup:[0-9a-f-]{36}:autoScalingGroupName\/web$/,
    );
    assert.deepEqual(
      vpcZoneIdentifiers,
      subnets.map(({ id }) => id),
    );
    assert.deepEqual(outputs, {
      availabilityZoneDistribution: { capacityDistributionStrategy: "balanced-best-effort" },
      availabilityZones: ["eu-central-1a", "eu-central-1b", "eu-central-1c"],
      capacityReservationSpecification: { capacityReservationPreference: "default" },
      context: "",
      defaultCooldown: 300,
      defaultInstanceWarmup: 0,
      desiredCapacity: 2,
      desiredCapacityType: "",
      forceDelete: false,
      forceDeleteWarmPool: false,
      healthCheckGracePeriod: 300,
      healthCheckType: "EC2",
      ignoreFailedScalingActivities: false,
      launchConfiguration: "",
      launchTemplate: { id: template.id, name: template.outputs["name"], version: "1" },
      loadBalancers: [],
      maxInstanceLifetime: 0,
      maxSize: 4,
      metricsGranularity: "1Minute",
      minSize: 1,
      name: "web",
      namePrefix: "",
      placementGroup: "",
      predictedCapacity: 0,
      protectFromScaleIn: false,
      serviceLinkedRoleArn:
        "arn:aws:iam::123456789012:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling",
      tags: [{ key: "App", value: "shop", propagateAtLaunch: true }],
      targetGroupArns: [],
      trafficSources: [],
      waitForCapacityTimeout: "10m",
      warmPoolSize: 0,
    });
  });

  it("spreads its instances over the zones, and writes its tags on them", async () => {
    const tags = [
      { key: "App", value: "shop", propagateAtLaunch: true },
      { key: "Team", value: "platform", propagateAtLaunch: false },
    ];
    const group = await asg.servers(template, subnets, { desiredCapacity: 4, tags });
    assert.equal(asg.zonesOf(group), "aabc");
    const [first = ""] = asg.inService(group);
    assert.deepEqual(asg.instance(first).outputs["tags"], {
      App: "shop",
      "aws:autoscaling:groupName": "web",
      "aws:ec2launchtemplate:id": template.id,
      "aws:ec2launchtemplate:version": "1",
    });
    assert.deepEqual(
      asg.causes(group),
      Array(4).fill(
        "an instance was started in response to a difference between desired and actual capacity, increasing the capacity from 0 to 4.",
      ),
    );
    assert.deepEqual(
      activitiesOf(asg.cloud, group).map(({ description, status }) => `${description} ${status}`),
      asg.members(group).map(({ id }) => `Launching a new EC2 instance: ${id} Successful`),
    );
  });

  it("grows and shrinks, and takes from the zone that has most the instance of the oldest version", async () => {
    const group = await asg.servers(template, subnets);
    const inputs = asg.inputs(template, subnets, { desiredCapacity: 4 });
    const grown = await asg.stack.update(group, "r", inputs);
    assert.equal(grown.outputs["desiredCapacity"], 4);
    assert.equal(asg.zonesOf(group), "aabc");
    const [oldest] = asg.inService(group);
    await asg.stack.update(grown, "r", { ...inputs, desiredCapacity: 3 });
    assert.equal(asg.zonesOf(group), "abc");
    assert.ok(!asg.inService(group).includes(oldest ?? ""));
    assert.equal(
      asg.causes(group).at(-1),
      "an instance was taken out of service in response to a difference between desired and actual capacity, shrinking the capacity from 4 to 3.",
    );
  });

  it("keeps the size that it has by now when an update does not speak of it, within the new bounds", async () => {
    const group = await asg.servers(template, subnets);
    const inputs = asg.inputs(template, subnets, { minSize: 3 });
    assert.equal((await asg.stack.update(group, "r", inputs)).outputs["desiredCapacity"], 3);
    assert.equal(asg.inService(group).length, 3);
    const later = await asg.stack.update(group, "r", { ...inputs, minSize: 1, healthCheckGracePeriod: 30 });
    assert.equal(later.outputs["desiredCapacity"], 3);
    const smaller = await asg.stack.update(later, "r", { ...inputs, minSize: 1, maxSize: 2, healthCheckGracePeriod: 30 });
    assert.equal(smaller.outputs["desiredCapacity"], 2);
  });

  it("does not end an instance that is protected from a smaller group", async () => {
    const group = await asg.servers(template, subnets, { desiredCapacity: 2, protectFromScaleIn: true });
    await asg.stack.update(
      group,
      "r",
      asg.inputs(template, subnets, { desiredCapacity: 1, protectFromScaleIn: true, waitForCapacityTimeout: "0" }),
    );
    await asg.seconds(3);
    assert.equal(asg.inService(group).length, 2);
    await asg.stack.delete(group);
    assert.equal(asg.cloud.world.all(type.instance).length, 0);
  });

  it("launches nothing, and ends nothing, while that is suspended", async () => {
    const group = await asg.servers(template, subnets, {
      suspendedProcesses: ["Launch", "Terminate"],
      waitForCapacityTimeout: "0",
    });
    await asg.seconds(2);
    assert.deepEqual(asg.members(group), []);
    const running = await asg.stack.update(
      group,
      "r",
      asg.inputs(template, subnets, { suspendedProcesses: ["Terminate"], minSize: 2 }),
    );
    assert.equal(asg.inService(group).length, 2);
    await asg.stack.update(
      running,
      "r",
      asg.inputs(template, subnets, { suspendedProcesses: ["Terminate"], maxSize: 1, waitForCapacityTimeout: "0" }),
    );
    await asg.seconds(2);
    assert.equal(asg.inService(group).length, 2);
  });

  it("goes with all its instances, and its subnets can go then", async () => {
    const group = await asg.servers(template, subnets, { desiredCapacity: 3 });
    const [subnet] = subnets;
    assert.ok(subnet);
    await refused(asg.stack.delete(subnet), "DependencyViolation");
    await asg.stack.delete(group);
    assert.equal(asg.cloud.world.all(type.instance).length, 0);
    await asg.stack.delete(subnet);
  });

  it("is made of what its launch template says, at that version", async () => {
    const twice = await asg.stack.update(template, "r", { ...template.inputs, instanceType: "t4g.medium" });
    assert.equal(twice.outputs["latestVersion"], 2);
    const group = await asg.servers(template, subnets, { launchTemplate: { id: template.id, version: "$Latest" } });
    assert.deepEqual(
      asg.members(group).map((member) => [member.type, member.version]),
      [["t4g.medium", "2"]],
    );
  });

  it("is refused where no instance could be launched, or its name is taken", async () => {
    const empty = await asg.create(type.template, { instanceType: "t4g.small" });
    await refused(
      asg.servers(empty, subnets),
      "ValidationError",
      "You must use a valid fully-formed launch template. The request must contain the parameter ImageId",
    );
    await refused(
      asg.servers(template, subnets, { launchTemplate: { id: "lt-0123456789abcdef0", version: "1" } }),
      "ValidationError",
      "You must use a valid fully-formed launch template. The specified launch template, with template ID lt-0123456789abcdef0, does not exist.",
    );
    await refused(asg.servers(template, []), "ValidationError", "At least one Availability Zone or VPC Subnet is required.");
    await asg.servers(template, subnets);
    await refused(
      asg.servers(template, subnets),
      "AlreadyExists",
      "AutoScalingGroup by this name already exists - A group with the name web already exists",
    );
  });

  it("is refused with every fault at once", () => {
    const inputs = asg.inputs(template, subnets, {
      minSize: 5,
      maxSize: 4,
      healthCheckType: "EBS",
      maxInstanceLifetime: 60,
      suspendedProcesses: ["Lunch"],
      terminationPolicies: ["Random"],
      waitForCapacityTimeout: "ten minutes",
      loadBalancers: ["old"],
      initialLifecycleHooks: [{ name: "drain", lifecycleTransition: "terminating", heartbeatTimeout: 5 }],
    });
    assert.deepEqual(asg.faults(type.servers, inputs), [
      "maxSize: Max bound, 4, must be greater than or equal to min bound, 5",
      'healthCheckType: "EBS": the sandbox checks health by EC2 and by its load balancers; allowed: EC2, ELB',
      "maxInstanceLifetime: 60 is out of range; allowed: 0, or 86400 to 31536000",
      'waitForCapacityTimeout: "ten minutes" is no duration such as "10m", "1h30m" or "0"',
      'suspendedProcesses[]: "Lunch" is not one of the allowed values: Launch, Terminate, HealthCheck, ReplaceUnhealthy, AZRebalance, AlarmNotification, ScheduledActions, AddToLoadBalancer, InstanceRefresh',
      'terminationPolicies[]: "Random" is not one of the allowed values: OldestInstance, NewestInstance, OldestLaunchConfiguration, ClosestToNextInstanceHour, OldestLaunchTemplate, AllocationStrategy, Default',
      "loadBalancers: the sandbox plays no Classic Load Balancers; give targetGroupArns",
      'initialLifecycleHooks[]: lifecycleTransition: "terminating" is not one of the allowed values: autoscaling:EC2_INSTANCE_LAUNCHING, autoscaling:EC2_INSTANCE_TERMINATING; heartbeatTimeout: 5 is out of range; allowed: 30 to 7200',
    ]);
    assert.deepEqual(asg.faults(type.servers, asg.inputs(template, subnets, { desiredCapacity: 9 })), [
      "maxSize: Desired capacity:9 must be between the specified min size:1 and max size:4",
    ]);
    const { launchTemplate: _gone, ...bare } = asg.inputs(template, subnets);
    assert.deepEqual(asg.faults(type.servers, bare), [
      "maxSize: one of launchTemplate and mixedInstancesPolicy must be given, and not both (given: none)",
    ]);
  });
});

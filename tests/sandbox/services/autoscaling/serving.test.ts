import assert from "node:assert/strict";
import type { Resource } from "../../../../sandbox/src/core/definition.ts";
import { INSTANCE_ACTIONS } from "../../../../sandbox/src/services/ec2/instance-actions.ts";
import { AsgFixture, type } from "./support.ts";

describe("a group whose servers run the product", () => {
  let asg: AsgFixture;
  let vpc: Resource;
  let subnets: Resource[];
  let template: Resource;
  let balancer: Resource;
  let targets: Resource;
  beforeEach(async () => {
    asg = new AsgFixture();
    await asg.withImage();
    ({ subnets, vpc } = await asg.three());
    template = await asg.template("one");
    balancer = await asg.balancer(subnets);
    targets = await asg.group(vpc, { deregistrationDelay: 30 });
    await asg.listener(balancer, targets);
  });
  afterEach(() => asg.end());

  const behind = (): object => ({ targetGroupArns: [targets.id], healthCheckType: "ELB", healthCheckGracePeriod: 10 });

  it("is made when as many of them answer behind the load balancer as the program waits for", async () => {
    const group = await asg.servers(template, subnets, { ...behind(), desiredCapacity: 2, minElbCapacity: 2 });
    const ids = asg.inService(group);
    assert.deepEqual(asg.states(targets), Object.fromEntries(ids.map((id) => [id, "healthy"])));
    assert.deepEqual(await asg.labels(balancer, 2), ["one", "one"]);
  });

  it("is not made where they don't, in the words of the provider", async () => {
    const bad = await asg.template("bad", { userData: asg.labelled("bad", { HOST: "127.0.0.1" }) });
    await assert.rejects(
      asg.servers(bad, subnets, { ...behind(), healthCheckGracePeriod: 600, minElbCapacity: 1, waitForCapacityTimeout: "1m30s" }),
      {
        message:
          "waiting for Auto Scaling Group (web) capacity satisfied: timeout while waiting for state to become 'ok' (last state: 'want at least 1 healthy instance(s) registered to Load Balancer, have 0', timeout: 1m30s)",
      },
    );
  });

  it("is not made where EC2 launches nothing, and says why", async () => {
    const group = await asg.servers(template, subnets, { minSize: 0 });
    await asg.stack.delete(template);
    const inputs = asg.inputs(template, subnets, { minSize: 0, desiredCapacity: 1 });
    await assert.rejects(asg.stack.update(group, "r", inputs), {
      message: new RegExp(
        `^waiting for Auto Scaling Group \\(web\\) capacity satisfied: scaling activity \\([0-9a-f-]{36}\\): Failed: The specified launch template, with template ID ${template.id}, does not exist. Launching EC2 instance failed.$`,
      ),
    });
  });

  it("replaces a server that was stopped, at once", async () => {
    const group = await asg.servers(template, subnets, { desiredCapacity: 2 });
    const [first = "", second = ""] = asg.inService(group);
    await INSTANCE_ACTIONS.stop(asg.cloud, asg.instance(first));
    await asg.seconds(2);
    const now = asg.inService(group);
    assert.equal(now.length, 2);
    assert.ok(now.includes(second) && !now.includes(first));
    assert.deepEqual(await Promise.all(now.map((id) => asg.label(id))), ["one", "one"]);
    assert.equal(asg.cloud.world.get(type.instance, first), undefined);
    assert.ok(
      asg
        .causes(group)
        .includes(
          "an instance was taken out of service in response to an EC2 health check indicating it has been terminated or stopped.",
        ),
    );
  });

  it("replaces a server whose programs do not answer any more, once its grace is over", async () => {
    const group = await asg.servers(template, subnets, { healthCheckGracePeriod: 20 });
    const [first = ""] = asg.inService(group);
    // Its program ends at once now, however often it is started again.
    await asg.ruin(first);
    await asg.seconds(12);
    assert.deepEqual(asg.inService(group), [first]);
    await asg.seconds(10);
    assert.ok(!asg.inService(group).includes(first));
    assert.ok(
      asg.causes(group).includes("an instance was taken out of service in response to an EC2 instance status checks failure."),
    );
  });

  it("replaces a server that its target group finds unhealthy, and lets it go from there first", async () => {
    const group = await asg.servers(template, subnets, { ...behind(), desiredCapacity: 2, minElbCapacity: 2 });
    const [first = "", second = ""] = asg.inService(group);
    await asg.tell(asg.instance(first), "/ill");
    await asg.seconds(40);
    const now = asg.inService(group);
    assert.equal(now.length, 2);
    assert.ok(now.includes(second) && !now.includes(first));
    assert.ok(
      asg.causes(group).includes("an instance was taken out of service in response to an ELB system health check failure."),
    );
    assert.deepEqual(
      Object.keys(asg.states(targets))
        .filter((id) => now.includes(id))
        .sort(),
      [...now].sort(),
    );
  });

  it("keeps to EC2's own checks where it is not told to ask the load balancer", async () => {
    const group = await asg.servers(template, subnets, { ...behind(), healthCheckType: "EC2", minElbCapacity: 1 });
    const [first = ""] = asg.inService(group);
    await asg.tell(asg.instance(first), "/ill");
    await asg.seconds(40);
    assert.deepEqual(asg.inService(group), [first]);
  });

  it("does not end a server that has a request under way", async () => {
    const group = await asg.servers(template, subnets, { ...behind(), minElbCapacity: 1 });
    const [first = ""] = asg.inService(group);
    const answer = asg.ask(balancer, "/slow");
    await asg.tell(asg.instance(first), "/asked");
    const smaller = { ...behind(), minSize: 0, desiredCapacity: 0, waitForCapacityTimeout: "0" };
    await asg.stack.update(group, "r", asg.inputs(template, subnets, smaller));
    await asg.seconds(5);
    assert.deepEqual(
      asg.members(group).map(({ id, state }) => [id, state]),
      [[first, "Terminating"]],
    );
    await asg.tell(asg.instance(first), "/go");
    assert.ok(typeof (await answer) === "object");
    await asg.seconds(1);
    assert.deepEqual(asg.members(group), []);
  });

  it("moves its servers along when target groups are attached and detached", async () => {
    const group = await asg.servers(template, subnets);
    assert.deepEqual(asg.states(targets), {});
    const attached = await asg.stack.update(group, "r", asg.inputs(template, subnets, { targetGroupArns: [targets.id] }));
    await asg.seconds(1);
    assert.deepEqual(Object.values(asg.states(targets)), ["healthy"]);
    await asg.stack.update(attached, "r", asg.inputs(template, subnets));
    assert.deepEqual(Object.values(asg.states(targets)), ["draining"]);
  });

  it("moves them along with an attachment of its own too", async () => {
    const group = await asg.servers(template, subnets);
    const attached = await asg.create(type.attach, { autoscalingGroupName: group.id, lbTargetGroupArn: targets.id });
    assert.match(attached.id, /^web-[0-9a-f]{26}$/);
    await asg.stack.update(group, "r", asg.inputs(template, subnets, { desiredCapacity: 2 }));
    await asg.seconds(1);
    assert.deepEqual(Object.values(asg.states(targets)), ["healthy", "healthy"]);
    await asg.stack.delete(attached);
    assert.deepEqual(Object.values(asg.states(targets)), ["draining", "draining"]);
  });

  it("goes on after the daemon was killed: what had begun comes to its end", async () => {
    const group = await asg.servers(template, subnets, { ...behind(), minElbCapacity: 1 });
    const [first = ""] = asg.inService(group);
    // An update that nobody waits for, cut off before its first look.
    await asg.stack.update(
      group,
      "r",
      asg.inputs(template, subnets, { ...behind(), desiredCapacity: 3, waitForCapacityTimeout: "0" }),
    );
    asg.fleet.look();
    await asg.restart();
    await asg.seconds(3);
    assert.equal(asg.inService(group).length, 3);
    assert.ok(asg.inService(group).includes(first));
    assert.deepEqual(await Promise.all(asg.inService(group).map((id) => asg.label(id))), ["one", "one", "one"]);
  });
});

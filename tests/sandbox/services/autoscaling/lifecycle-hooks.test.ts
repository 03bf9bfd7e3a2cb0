import assert from "node:assert/strict";
import type { Resource } from "../../../../sandbox/src/core/definition.ts";
import { refused } from "../../support/refused.ts";
import { AsgFixture, type } from "./support.ts";

const LAUNCHING = "autoscaling:EC2_INSTANCE_LAUNCHING";
const TERMINATING = "autoscaling:EC2_INSTANCE_TERMINATING";

describe("a lifecycle hook", () => {
  let asg: AsgFixture;
  let subnets: Resource[];
  let template: Resource;
  beforeEach(async () => {
    asg = new AsgFixture();
    ({ subnets } = await asg.three());
    template = await asg.template();
  });
  afterEach(() => asg.end());

  const states = (group: Resource): string[] => asg.members(group).map(({ state }) => state);
  const hook = (group: Resource, inputs: object = {}): Promise<Resource> =>
    asg.create(type.hook, { name: "prepare", autoscalingGroupName: group.id, lifecycleTransition: LAUNCHING, ...inputs });

  it("is abandoned after an hour unless the program says otherwise", async () => {
    const group = await asg.servers(template, subnets, { minSize: 0 });
    const { id, outputs } = await hook(group);
    assert.deepEqual(
      [id, outputs],
      [
        "prepare",
        {
          autoscalingGroupName: "web",
          defaultResult: "ABANDON",
          heartbeatTimeout: 3600,
          lifecycleTransition: LAUNCHING,
          name: "prepare",
        },
      ],
    );
  });

  it("holds an instance before it comes into service, until its time is over", async () => {
    const initialLifecycleHooks = [
      { name: "prepare", lifecycleTransition: LAUNCHING, defaultResult: "CONTINUE", heartbeatTimeout: 30 },
    ];
    const group = await asg.servers(template, subnets, { initialLifecycleHooks, waitForCapacityTimeout: "0" });
    await asg.seconds(29);
    assert.deepEqual(states(group), ["Pending:Wait"]);
    await asg.seconds(2);
    assert.deepEqual(states(group), ["InService"]);
  });

  it("lets an instance go that was abandoned, and another one is tried", async () => {
    const initialLifecycleHooks = [{ name: "prepare", lifecycleTransition: LAUNCHING, heartbeatTimeout: 30 }];
    const group = await asg.servers(template, subnets, { initialLifecycleHooks, waitForCapacityTimeout: "0" });
    await asg.seconds(1);
    const [first] = asg.members(group);
    await asg.seconds(31);
    assert.deepEqual(states(group), ["Pending:Wait"]);
    assert.notEqual(asg.members(group)[0]?.id, first?.id);
  });

  it("holds an instance before it is ended, and not one that is ended by force", async () => {
    const group = await asg.servers(template, subnets, { forceDelete: true });
    await hook(group, { name: "drain", lifecycleTransition: TERMINATING, heartbeatTimeout: 60 });
    const inputs = asg.inputs(template, subnets, {
      minSize: 0,
      desiredCapacity: 0,
      forceDelete: true,
      waitForCapacityTimeout: "0",
    });
    const smaller = await asg.stack.update(group, "r", inputs);
    await asg.seconds(5);
    assert.deepEqual(states(group), ["Terminating:Wait"]);
    await asg.stack.delete(smaller);
    assert.deepEqual(states(group), []);
  });

  it("holds nobody any more when it is taken away", async () => {
    const group = await asg.servers(template, subnets);
    const drain = await hook(group, { name: "drain", lifecycleTransition: TERMINATING });
    await asg.stack.update(
      group,
      "r",
      asg.inputs(template, subnets, { minSize: 0, desiredCapacity: 0, waitForCapacityTimeout: "0" }),
    );
    await asg.seconds(2);
    assert.deepEqual(states(group), ["Terminating:Wait"]);
    await asg.stack.delete(drain);
    await asg.seconds(2);
    assert.deepEqual(states(group), []);
  });

  it("belongs to a group that there is, and to one resource", async () => {
    const group = await asg.servers(template, subnets, { minSize: 0 });
    await refused(
      hook({ ...group, id: "shop" }),
      "ValidationError",
      "AutoScalingGroup name not found - AutoScalingGroup 'shop' not found",
    );
    await hook(group);
    await refused(
      hook(group),
      "ValidationError",
      /^The lifecycle hook prepare belongs to another resource already \(of the group web\)/,
    );
  });

  it("is refused with every fault at once", () => {
    const inputs = {
      name: "a hook",
      autoscalingGroupName: "web",
      lifecycleTransition: "launching",
      heartbeatTimeout: 7201,
      defaultResult: "RETRY",
    };
    assert.deepEqual(asg.faults(type.hook, inputs), [
      'name: "a hook" is not allowed: letters, digits and - _ / are',
      `lifecycleTransition: "launching" is not one of the allowed values: ${LAUNCHING}, ${TERMINATING}`,
      "heartbeatTimeout: 7201 is out of range; allowed: 30 to 7200",
      'defaultResult: "RETRY" is not one of the allowed values: CONTINUE, ABANDON',
    ]);
  });
});

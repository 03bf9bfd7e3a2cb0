import assert from "node:assert/strict";
import type { Resource } from "../../../../sandbox/src/core/definition.ts";
import type { Props } from "../../../../sandbox/src/core/values.ts";
import { refreshOf } from "../../../../sandbox/src/services/autoscaling/refresh-record.ts";
import { REGION } from "../../support/cloud.ts";
import { AsgFixture, type } from "./support.ts";

describe("an instance refresh", () => {
  let asg: AsgFixture;
  let vpc: Resource;
  let subnets: Resource[];
  let template: Resource;
  beforeEach(async () => {
    asg = new AsgFixture();
    await asg.withImage();
    ({ subnets, vpc } = await asg.three());
    template = await asg.template("one");
  });
  afterEach(() => asg.end());

  const preferences = { minHealthyPercentage: 100, maxHealthyPercentage: 150, instanceWarmup: "5", autoRollback: true };
  const inputsOf = (inputs: Props): Props =>
    asg.inputs(template, subnets, {
      instanceRefresh: { strategy: "Rolling", preferences },
      healthCheckGracePeriod: 10,
      ...inputs,
    });

  /** Gives the template another version, and the group that version. */
  async function release(
    group: Resource,
    label: string,
    inputs: Props,
    environment: Record<string, string> = {},
  ): Promise<Resource> {
    const changed = { ...template.inputs, userData: asg.labelled(label, environment) };
    template = await asg.stack.update(template, "r", changed);
    const launchTemplate = { id: template.id, version: `${Number(template.outputs["latestVersion"])}` };
    return asg.stack.update(group, "r", inputsOf({ ...inputs, launchTemplate }));
  }

  const status = (group: Resource): string | undefined => refreshOf(asg.cloud, group)?.status;
  const labels = (group: Resource): Promise<string[]> => Promise.all(asg.inService(group).map((id) => asg.label(id)));

  /** Lets seconds pass until the refresh is over, and gives how many instances were in service at the least and at the most. */
  async function through(group: Resource, most = 200): Promise<{ least: number; most: number }> {
    const counts: number[] = [];
    for (let second = 0; second < most && (status(group) ?? "").endsWith("InProgress"); second++) {
      asg.fleet.look();
      counts.push(asg.inService(group).length);
      await asg.second();
    }
    return { least: Math.min(...counts), most: Math.max(...counts) };
  }

  it("brings a release to a group server by server, each new one beside the old ones", async () => {
    const group = await asg.servers(template, subnets, inputsOf({ desiredCapacity: 2 }));
    await release(group, "two", { desiredCapacity: 2 });
    assert.equal(status(group), "InProgress");
    assert.deepEqual(await through(group), { least: 2, most: 3 });
    assert.equal(status(group), "Successful");
    assert.deepEqual(await labels(group), ["two", "two"]);
    assert.ok(asg.causes(group).includes("an instance was started in response to an instance refresh."));
  });

  it("takes an old one out first where the group may not grow", async () => {
    const inputs = { desiredCapacity: 3, instanceRefresh: { strategy: "Rolling", preferences: { minHealthyPercentage: 60 } } };
    const group = await asg.servers(template, subnets, inputsOf(inputs));
    await release(group, "two", inputs);
    assert.deepEqual(await through(group), { least: 2, most: 3 });
    assert.deepEqual(await labels(group), ["two", "two", "two"]);
  });

  it("turns a release back by itself whose programs do not come up", async () => {
    const targets = await asg.group(vpc);
    const balancer = await asg.balancer(subnets);
    await asg.listener(balancer, targets);
    const behind = { desiredCapacity: 2, targetGroupArns: [targets.id], healthCheckType: "ELB", minElbCapacity: 2 };
    const group = await asg.servers(template, subnets, inputsOf(behind));
    const old = asg.inService(group);
    // It listens for itself alone, so nobody reaches it.
    const released = await release(group, "bad", behind, { HOST: "127.0.0.1" });
    await through(group);
    assert.equal(status(group), "RollbackSuccessful");
    assert.deepEqual(asg.inService(group), old);
    assert.deepEqual(await asg.labels(balancer, 2), ["one", "one"]);
    const seen = await asg.stack.engine.read(type.servers, group.id, REGION);
    assert.deepEqual(seen?.outputs["launchTemplate"], { id: template.id, version: "1" });
    assert.deepEqual(released.outputs["launchTemplate"], { id: template.id, name: template.outputs["name"], version: "2" });
    const note = asg.cloud.notes.find((each) => each.includes("failed: "));
    assert.match(
      note ?? "",
      /^The instance refresh [0-9a-f-]{36} of the group web failed: its new instance i-[0-9a-f]+ was never well, in response to an ELB system health check failure; it is rolled back$/,
    );
  });

  it("leaves what it has come to where it may not be turned back", async () => {
    const given = {
      desiredCapacity: 2,
      instanceRefresh: { strategy: "Rolling", preferences: { ...preferences, autoRollback: false } },
    };
    const group = await asg.servers(template, subnets, inputsOf(given));
    const [first = ""] = asg.inService(group);
    await release(group, "two", given);
    await asg.seconds(1);
    await asg.ruin(asg.inService(group).at(-1) ?? "");
    await through(group);
    assert.equal(status(group), "Failed");
    assert.ok(asg.inService(group).includes(first));
  });

  it("goes on after the daemon was killed", async () => {
    const group = await asg.servers(template, subnets, inputsOf({ desiredCapacity: 2 }));
    await release(group, "two", { desiredCapacity: 2 });
    await asg.seconds(1);
    await asg.restart();
    await through(group);
    assert.equal(status(group), "Successful");
    assert.deepEqual(await labels(group), ["two", "two"]);
  });

  it("leaves instances alone that are made of that already, where it may", async () => {
    const given = {
      desiredCapacity: 2,
      instanceRefresh: { strategy: "Rolling", triggers: ["tag"], preferences: { ...preferences, skipMatching: true } },
    };
    const group = await asg.servers(template, subnets, inputsOf(given));
    const old = asg.inService(group);
    await asg.stack.update(group, "r", inputsOf({ ...given, tags: [{ key: "a", value: "b", propagateAtLaunch: true }] }));
    await through(group);
    assert.equal(status(group), "Successful");
    assert.deepEqual(asg.inService(group), old);
  });

  it("begins for nothing but what instances are made of, and the inputs that are named", async () => {
    const group = await asg.servers(template, subnets, inputsOf({ desiredCapacity: 1 }));
    const tags = [{ key: "a", value: "b", propagateAtLaunch: true }];
    const tagged = await asg.stack.update(group, "r", inputsOf({ desiredCapacity: 1, tags }));
    assert.equal(status(group), undefined);
    const instanceRefresh = { strategy: "Rolling", triggers: ["tag"], preferences };
    await asg.stack.update(tagged, "r", inputsOf({ desiredCapacity: 1, instanceRefresh }));
    assert.equal(status(group), "InProgress");
  });

  it("waits at its checkpoints", async () => {
    const given = {
      desiredCapacity: 2,
      instanceRefresh: {
        strategy: "Rolling",
        preferences: { ...preferences, checkpointPercentages: [50, 100], checkpointDelay: "60" },
      },
    };
    const group = await asg.servers(template, subnets, inputsOf(given));
    await release(group, "two", given);
    await asg.seconds(40);
    assert.deepEqual((await labels(group)).sort(), ["one", "two"]);
    await through(group);
    assert.deepEqual(await labels(group), ["two", "two"]);
  });

  it("is refused with every fault at once", () => {
    const given = {
      strategy: "Blue",
      triggers: ["launch_template"],
      preferences: {
        autoRollback: true,
        minHealthyPercentage: 50,
        maxHealthyPercentage: 180,
        checkpointPercentages: [50, 50],
        checkpointDelay: "an hour",
        scaleInProtectedInstances: "Wait",
      },
    };
    const inputs = inputsOf({ instanceRefresh: given, launchTemplate: { id: template.id, version: "$Latest" } });
    assert.deepEqual(asg.faults(type.servers, inputs), [
      'instanceRefresh.strategy: "Blue" is not one of the allowed values: Rolling',
      'instanceRefresh.triggers[]: "launch_template" begins a refresh in any case; leave it out',
      'instanceRefresh.preferences.autoRollback: autoRollback needs launch templates with the number of a version, not with "$Latest"',
      'instanceRefresh.preferences.checkpointDelay: "an hour" is no number of seconds; allowed: "0" to "172800"',
      "instanceRefresh.preferences.checkpointPercentages: [50,50]: percentages from 1 to 100 are given once each, in ascending order",
      "instanceRefresh.preferences.maxHealthyPercentage: maxHealthyPercentage - minHealthyPercentage cannot be greater than 100 (given: 180 - 50)",
      "instanceRefresh.preferences.scaleInProtectedInstances: the sandbox does not wait for a protection to be lifted; allowed: Refresh, Ignore",
    ]);
  });
});

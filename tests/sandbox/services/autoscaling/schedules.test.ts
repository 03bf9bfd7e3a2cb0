import assert from "node:assert/strict";
import type { Resource } from "../../../../sandbox/src/core/definition.ts";
import type { Props } from "../../../../sandbox/src/core/values.ts";
import { REGION } from "../../support/cloud.ts";
import { refused } from "../../support/refused.ts";
import { AsgFixture, type } from "./support.ts";

const HOUR = 3_600_000;

// The clock of a test stands at 2026-03-01T12:00:00Z, a Sunday.
describe("a scheduled action", () => {
  let asg: AsgFixture;
  let group: Resource;
  beforeEach(async () => {
    asg = new AsgFixture();
    const { subnets } = await asg.three();
    group = await asg.servers(await asg.template(), subnets, { minSize: 1, maxSize: 4, desiredCapacity: 1 });
  });
  afterEach(() => asg.end());

  const at = (scheduledActionName: string, inputs: Props): Promise<Resource> =>
    asg.create(type.schedule, {
      scheduledActionName,
      autoscalingGroupName: group.id,
      minSize: -1,
      maxSize: -1,
      desiredCapacity: -1,
      ...inputs,
    });

  async function size(): Promise<unknown[]> {
    asg.fleet.look();
    await asg.fleet.settled();
    const { outputs = {} } = (await asg.stack.engine.read(type.servers, group.id, REGION)) ?? {};
    return ["minSize", "desiredCapacity", "maxSize"].map((name) => outputs[name]);
  }

  it("says when it happens next", async () => {
    const { arn, ...outputs } = (await at("morning", { recurrence: "0 6 * * MON-FRI", timeZone: "Europe/Berlin", minSize: 3 }))
      .outputs;
    assert.match(
      typeof arn === "string" ? arn : "",
      /^arn:aws:autoscaling:eu-central-1:123456789012:scheduledUpdateGroupAction:[0-9a-f-]{36}:autoScalingGroupName\/web:scheduledActionName\/morning$/,
    );
    assert.deepEqual(outputs, {
      autoscalingGroupName: "web",
      desiredCapacity: -1,
      endTime: "",
      maxSize: -1,
      minSize: 3,
      recurrence: "0 6 * * MON-FRI",
      scheduledActionName: "morning",
      startTime: "2026-03-02T05:00:00Z",
      timeZone: "Europe/Berlin",
    });
  });

  it("gives the group other sizes when its time comes, and leaves what is -1", async () => {
    await at("morning", { recurrence: "0 13 * * *", minSize: 3 });
    await at("evening", { recurrence: "0 15 * * *", minSize: 1, desiredCapacity: 1 });
    assert.deepEqual(await size(), [1, 1, 4]);
    asg.cloud.pass(HOUR);
    assert.deepEqual(await size(), [3, 3, 4]);
    assert.equal(asg.inService(group).length, 3);
    asg.cloud.pass(2 * HOUR);
    assert.deepEqual(await size(), [1, 1, 4]);
    assert.ok(asg.cloud.notes.includes("The group web has from 3 to 4 instances, and 3 now, by its scheduled action morning"));
  });

  it("happens once at the time that is given, and not again", async () => {
    await at("sale", { startTime: "2026-03-01T14:00:00Z", minSize: 2 });
    asg.cloud.pass(2 * HOUR);
    assert.deepEqual(await size(), [2, 2, 4]);
    await asg.stack.update(group, "r", { ...group.inputs, minSize: 0, desiredCapacity: 0, waitForCapacityTimeout: "0" });
    asg.cloud.pass(48 * HOUR);
    assert.deepEqual(await size(), [0, 0, 4]);
  });

  it("is made up for when the sandbox did not run at its time", async () => {
    await at("morning", { recurrence: "0 6 * * *", minSize: 2 });
    await size();
    await asg.restart();
    asg.cloud.pass(24 * HOUR);
    assert.deepEqual(await size(), [2, 2, 4]);
  });

  it("does not happen while that is suspended, nor after its end", async () => {
    await at("morning", { recurrence: "0 * * * *", minSize: 2, endTime: "2026-03-01T13:30:00Z" });
    await asg.stack.update(group, "r", { ...group.inputs, suspendedProcesses: ["ScheduledActions"] });
    asg.cloud.pass(HOUR);
    assert.deepEqual(await size(), [1, 1, 4]);
    await asg.stack.update(group, "r", { ...group.inputs, suspendedProcesses: [] });
    asg.cloud.pass(HOUR);
    assert.deepEqual(await size(), [1, 1, 4]);
  });

  it("is refused where it never happens, with every fault at once", async () => {
    await refused(
      at("late", { startTime: "2026-03-01T11:00:00Z", minSize: 2 }),
      "ValidationError",
      "Given start time is in the past",
    );
    assert.deepEqual(
      asg.faults(type.schedule, {
        scheduledActionName: "x",
        autoscalingGroupName: "web",
        minSize: -1,
        maxSize: -1,
        desiredCapacity: -1,
      }),
      [
        "scheduledActionName: recurrence or startTime must be given; at least one of minSize, maxSize and desiredCapacity must be another number than -1, which leaves them as they are",
      ],
    );
    const inputs = {
      scheduledActionName: "x",
      autoscalingGroupName: "web",
      recurrence: "0 6 * *",
      startTime: "tomorrow",
      timeZone: "Berlin",
      minSize: -2,
    };
    const faults = asg.faults(type.schedule, inputs);
    assert.deepEqual(faults.map((fault) => fault.split(":")[0]).sort(), ["minSize", "recurrence", "startTime", "timeZone"]);
    assert.ok(
      faults.some((fault) =>
        fault.startsWith('recurrence: "0 6 * *" is no cron expression of five fields, minute hour day month weekday: '),
      ),
    );
  });
});

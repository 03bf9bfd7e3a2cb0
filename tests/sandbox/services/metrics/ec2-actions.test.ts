import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { join } from "node:path";
import type { Resource } from "../../../../sandbox/src/core/definition.ts";
import type { Props } from "../../../../sandbox/src/core/values.ts";
import { doors } from "../../../../sandbox/src/plane/doors.ts";
import { ec2ActionsDone } from "../../../../sandbox/src/services/cloudwatch/alarm-ec2-action.ts";
import { setAlarmState } from "../../../../sandbox/src/services/cloudwatch/alarms.ts";
import { instance as definition } from "../../../../sandbox/src/services/ec2/instance.ts";
import { refused } from "../../support/refused.ts";
import { REGION } from "../../support/cloud.ts";
import { MeasuredCloud } from "./support.ts";

const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";
const action = (name: string, region = REGION): string => `arn:aws:automate:${region}:ec2:${name}`;

describe("an alarm's action on an instance", function () {
  this.timeout(30_000);
  let world: MeasuredCloud;
  beforeEach(async () => {
    world = new MeasuredCloud();
    await world.prepare();
  });
  afterEach(() => world.end());

  const inputsFor = (instanceId: string, alarmActions: string[], more: Props = {}): Props => ({
    name: "hung",
    namespace: "AWS/EC2",
    metricName: "StatusCheckFailed_System",
    dimensions: { InstanceId: instanceId },
    statistic: "Maximum",
    comparisonOperator: "GreaterThanThreshold",
    threshold: 0,
    period: 60,
    evaluationPeriods: 3,
    alarmActions,
    ...more,
  });
  const goesOff = async (server: Pick<Resource, "id">, name: string): Promise<void> => {
    const alarm = await world.create(ALARM, inputsFor(server.id, [action(name)]));
    setAlarmState(world.cloud, alarm, "ALARM", "the test says so");
    await ec2ActionsDone(world.cloud);
  };
  const said = (): string[] => world.cloud.notes.filter((note) => note.includes(":automate:"));
  const stateOf = (server: Resource): unknown => world.cloud.world.get(server.type, server.id)?.outputs["instanceState"];

  for (const name of ["reboot", "recover"]) {
    it(`${name} starts its programs anew, and changes nothing else of it`, async () => {
      const server = await world.server();
      const pid = world.pidOf(server);
      await goesOff(server, name);
      assert.ok(world.pidOf(server) !== undefined && world.pidOf(server) !== pid);
      const { restarts, state } = world.cloud.processes.list().find(({ name: each }) => each === `app-${server.id}`) ?? {};
      assert.deepEqual([state, restarts], ["ready", 0]);
      assert.deepEqual(world.cloud.world.get(server.type, server.id), server);
      assert.deepEqual(said(), [`The alarm hung performed ${action(name)} on ${server.id}`]);
    });
  }

  it("reboot starts programs that were gone altogether", async () => {
    const server = await world.server();
    await world.cloud.processes.stop(`app-${server.id}`);
    await goesOff(server, "reboot");
    await world.minutes(1);
    assert.deepEqual(world.points("AWS/EC2", "StatusCheckFailed_Instance", { InstanceId: server.id }), [0]);
  });

  it("reboot says why the programs cannot be started again", async () => {
    const server = await world.server();
    rmSync(join(world.project, "apps"), { recursive: true });
    await goesOff(server, "reboot");
    const failed = `The alarm hung failed to execute its action ${action("reboot")} on ${server.id}: `;
    assert.deepEqual(
      said().map((note) => note.slice(0, note.indexOf(". The sandbox"))),
      [`${failed}image not found: ghcr.io/example/web:1.0.0`],
    );
  });

  describe("stop", () => {
    it("ends its programs for good: neither the daemon's next start nor a change of its tags starts them", async () => {
      const server = await world.server();
      await goesOff(server, "stop");
      assert.equal(stateOf(server), "stopped");
      const stopped = world.cloud.world.get(server.type, server.id) ?? server;
      await definition.run?.(world.cloud, stopped);
      assert.equal(world.pidOf(server), undefined);
      await world.stack.update(stopped, "r", { ...server.inputs, tags: { Name: "other" } });
      assert.deepEqual([stateOf(server), world.pidOf(server)], ["stopped", undefined]);
      assert.deepEqual(said(), [`The alarm hung performed ${action("stop")} on ${server.id}`]);
    });

    it("takes the public address that EC2 chose, until a change of its type starts it on another", async () => {
      const server = await world.server();
      const changeable = { ...server.inputs, associatePublicIpAddress: true };
      const open = await world.create(server.type, changeable);
      assert.equal(open.outputs["publicIp"], "203.0.113.1");
      await goesOff(open, "stop");
      const stopped = world.cloud.world.get(open.type, open.id) ?? open;
      assert.deepEqual([stopped.outputs["publicIp"], stopped.outputs["publicDns"]], ["", ""]);
      const started = await world.stack.update(stopped, "r", { ...changeable, instanceType: "t4g.medium" });
      assert.deepEqual([started.outputs["instanceState"], started.outputs["publicIp"]], ["running", "203.0.113.1"]);
      assert.notEqual(world.pidOf(open), undefined);
    });

    it("leaves an Elastic IP with it, whose door says that it is stopped", async () => {
      const server = await world.server();
      const { vpcId } = (await world.subnet()).outputs;
      await world.create("aws:ec2/internetGateway:InternetGateway", { vpcId });
      const address = await world.create("aws:ec2/eip:Eip", { domain: "vpc" });
      await world.create("aws:ec2/eipAssociation:EipAssociation", { allocationId: address.id, instanceId: server.id });
      const url = doors(world.cloud)[0]?.url ?? "";
      assert.equal((await fetch(url)).status, 200);
      await goesOff(server, "stop");
      const answer = await fetch(url);
      assert.equal(answer.status, 503);
      assert.match(await answer.text(), new RegExp(`The server ${server.id} behind this address is stopped\\.`));
    });

    it("is refused by an instance that may not be stopped", async () => {
      const server = await world.server();
      world.cloud.world.setOutputs(server, { disableApiStop: true });
      await goesOff(server, "stop");
      assert.equal(stateOf(server), "running");
      assert.deepEqual(said(), [
        `The alarm hung failed to execute its action ${action("stop")} on ${server.id}: ` +
          `The instance '${server.id}' may not be stopped. Modify its 'disableApiStop' instance attribute and try again.`,
      ]);
    });
  });

  it("finds no instance that is gone", async () => {
    await goesOff({ id: "i-0123456789abcdef0" }, "reboot");
    assert.deepEqual(said(), [
      `The alarm hung failed to execute its action ${action("reboot")} on i-0123456789abcdef0: The instance ID 'i-0123456789abcdef0' does not exist`,
    ]);
  });

  it("starts nothing on an instance that is deleted meanwhile", async () => {
    const server = await world.server();
    const alarm = await world.create(ALARM, inputsFor(server.id, [action("reboot")]));
    setAlarmState(world.cloud, alarm, "ALARM", "the test says so");
    await Promise.all([ec2ActionsDone(world.cloud), world.stack.delete(server)]);
    assert.deepEqual(world.cloud.processes.list(), []);
  });

  describe("is refused before the alarm is made", () => {
    const faults = (actions: string[], more: Props = {}): string[] =>
      world.stack.faults(ALARM, "r", inputsFor("i-0123456789abcdef0", actions, more));

    for (const [what, name, more, fault] of [
      ["reboot", "reboot", {}, undefined],
      ["with an instance that is not known yet", "reboot", { dimensions: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" }, undefined],
      [
        "terminate, which would take a resource from its stack",
        "terminate",
        {},
        `the sandbox performs the EC2 actions reboot, recover, stop, and "${action("terminate")}" is none of them`,
      ],
      [
        "without an instance",
        "reboot",
        { dimensions: { ImageId: "ami-1" } },
        "the EC2 action reboot needs a metric with the dimension InstanceId",
      ],
      [
        "recover for a fault of the instance",
        "recover",
        { metricName: "StatusCheckFailed_Instance" },
        "the EC2 action recover goes with the metric StatusCheckFailed_System only",
      ],
    ] as readonly [string, string, Props, string | undefined][]) {
      it(`${what}: ${fault === undefined ? "no" : "yes"}`, () => {
        assert.deepEqual(faults([action(name)], more), fault === undefined ? [] : [`alarmActions[]: ${fault}`]);
      });
    }

    it("on several metrics at once", () => {
      const metric = { namespace: "AWS/EC2", metricName: "CPUUtilization", stat: "Average", period: 60 };
      const inputs = {
        name: "busy",
        comparisonOperator: "GreaterThanThreshold",
        threshold: 1,
        evaluationPeriods: 1,
        metricQueries: [{ id: "m", metric, returnData: true }],
        alarmActions: [action("reboot")],
      };
      assert.deepEqual(world.stack.faults(ALARM, "r", inputs), [
        "alarmActions[]: an alarm with metricQueries cannot have the EC2 action reboot",
      ]);
    });

    it("in another region", async () => {
      await refused(
        world.create(ALARM, inputsFor("i-0123456789abcdef0", [action("reboot", "us-east-1")])),
        "ValidationError",
        "Invalid region us-east-1 specified. Only eu-central-1 is supported.",
      );
    });
  });
});

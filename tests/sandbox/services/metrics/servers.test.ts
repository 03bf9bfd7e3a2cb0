import assert from "node:assert/strict";
import type { Resource } from "../../../../sandbox/src/core/definition.ts";
import type { Load, ProcessLoad } from "../../../../sandbox/src/plane/process-load.ts";
import { InstanceMetrics } from "../../../../sandbox/src/services/ec2/instance-metrics.ts";
import { InstancePrograms } from "../../../../sandbox/src/services/ec2/instance-programs.ts";
import { eventually } from "../../plane/support.ts";
import { MeasuredCloud } from "./support.ts";

const MINUTE_MS = 60_000;

describe("the metrics of a server of the sandbox", function () {
  this.timeout(30_000);
  let world: MeasuredCloud;
  beforeEach(async () => {
    world = new MeasuredCloud();
    await world.prepare();
  });
  afterEach(() => world.end());

  const points = (name: string, server: Resource, minutes = 1): (number | undefined)[] =>
    world.points("AWS/EC2", name, { InstanceId: server.id }, minutes);

  it("are these, in these units", async () => {
    await world.server();
    await world.minutes(5);
    assert.deepEqual(world.names("AWS/EC2"), [
      "CPUCreditBalance{InstanceId}",
      "CPUSurplusCreditBalance{InstanceId}",
      "CPUUtilization{InstanceId}",
      "StatusCheckFailed_Instance{InstanceId}",
      "StatusCheckFailed_System{InstanceId}",
      "StatusCheckFailed{InstanceId}",
    ]);
    assert.deepEqual(world.units("AWS/EC2"), {
      CPUCreditBalance: "Count",
      CPUSurplusCreditBalance: "Count",
      CPUUtilization: "Percent",
      StatusCheckFailed: "Count",
      StatusCheckFailed_Instance: "Count",
      StatusCheckFailed_System: "Count",
    });
  });

  describe("say in its checks", () => {
    const checks = (server: Resource): (number | undefined)[] =>
      ["StatusCheckFailed", "StatusCheckFailed_Instance", "StatusCheckFailed_System"].flatMap((name) => points(name, server));

    it("every minute that all is well while its program answers", async () => {
      const server = await world.server();
      await world.minutes(3);
      assert.deepEqual(points("StatusCheckFailed", server, 3), [0, 0, 0]);
      assert.deepEqual(checks(server), [0, 0, 0]);
    });

    it("that the instance fails, and its host does not, while its program cannot start", async () => {
      const server = await world.server();
      const pid = world.pidOf(server);
      world.break();
      world.cloud.processes.kill(`app-${server.id}`);
      await eventually("the program is gone", () => world.pidOf(server) !== pid);
      await world.minutes(1);
      assert.deepEqual(checks(server), [1, 1, 0]);
    });

    it("that all is well again once the program has been started again", async () => {
      const server = await world.server();
      const pid = world.pidOf(server);
      world.cloud.processes.kill(`app-${server.id}`);
      await eventually("the program answers again", () => {
        const app = world.cloud.processes.list().find(({ name }) => name === `app-${server.id}`);
        return app?.state === "ready" && app.pid !== pid;
      });
      await world.minutes(1);
      assert.deepEqual(checks(server), [0, 0, 0]);
    });

    it("that the instance fails while its program is frozen, which still takes connections", async () => {
      const server = await world.server();
      const pid = world.pidOf(server) ?? 0;
      process.kill(pid, "SIGSTOP");
      await world.minutes(1);
      assert.deepEqual(checks(server), [1, 1, 0]);
      process.kill(pid, "SIGCONT");
      await world.minutes(1);
      assert.deepEqual(checks(server), [0, 0, 0]);
    });

    it("that all is well on a server without programs", async () => {
      const server = await world.server({ userData: "" });
      await world.minutes(1);
      assert.deepEqual(checks(server), [0, 0, 0]);
    });

    it("nothing of a server that is stopped or gone", async () => {
      const server = await world.server();
      world.cloud.world.setOutputs(server, { instanceState: "stopped" });
      await world.minutes(1);
      assert.deepEqual(checks(server), [undefined, undefined, undefined]);
      world.cloud.world.setOutputs(server, { instanceState: "running" });
      await world.minutes(1);
      assert.deepEqual(checks(server), [0, 0, 0]);
      await world.stack.delete(server);
      await world.minutes(1);
      assert.deepEqual(checks(server), [undefined, undefined, undefined]);
    });
  });

  describe("tell of its processor", () => {
    /** Lets minutes pass in each of which the server's program used so many seconds of a processor, under a daemon that has just been started. */
    const work = (server: Resource, ...cpuSeconds: number[]): void => {
      const metrics = new InstanceMetrics(world.cloud, new InstancePrograms(world.cloud));
      for (const seconds of cpuSeconds) {
        metrics.collect(loadOf(server, seconds), world.cloud.now());
        world.cloud.pass(MINUTE_MS);
      }
    };

    it("what share of its virtual processors was busy", async () => {
      const server = await world.server({ instanceType: "m8g.xlarge" });
      work(server, 0, 60, 240, 480);
      assert.deepEqual(points("CPUUtilization", server, 4), [0, 25, 100, 100]);
    });

    it("every five minutes only, as a mean, without detailed monitoring", async () => {
      const server = await world.server({ instanceType: "m8g.large", monitoring: false });
      work(server, 60, 60, 0, 0, 30, 120);
      assert.deepEqual(points("CPUUtilization", server, 6), [undefined, undefined, undefined, undefined, 25, undefined]);
    });

    it("what it has earned of a T4g's credits, every five minutes", async () => {
      const server = await world.server({ instanceType: "t4g.small" });
      // It earns 24 credits an hour, and a busy processor spends one a minute.
      work(server, 0, 0, 0, 0, 0, 30, 0, 0, 0, 0);
      const none = Array<undefined>(4).fill(undefined);
      assert.deepEqual(points("CPUCreditBalance", server, 10).map(rounded), [...none, 2, ...none, 3.5]);
      assert.deepEqual(points("CPUSurplusCreditBalance", server, 10), [...none, 0, ...none, 0]);
    });

    it("what it has borrowed, and pays back before it saves", async () => {
      const server = await world.server({ instanceType: "t4g.small" });
      const credits = (): unknown[] =>
        ["CPUCreditBalance", "CPUSurplusCreditBalance"].map((name) => rounded(points(name, server)[0]));
      work(server, 120, 120, 120, 120, 120);
      assert.deepEqual(credits(), [0, 8]);
      work(server, 0, 0, 0, 0, 0);
      assert.deepEqual(credits(), [0, 6]);
      work(server, ...Array<number>(20).fill(0));
      assert.deepEqual(credits(), [2, 0]);
    });

    it("no borrowed credits where it may not borrow", async () => {
      const standard = await world.server({ instanceType: "t2.micro" });
      work(standard, 60, 60, 60, 60, 60);
      // 30 at the launch, 0.5 earned and 5 spent.
      assert.deepEqual(points("CPUCreditBalance", standard).map(rounded), [25.5]);
      assert.deepEqual(points("CPUSurplusCreditBalance", standard), [undefined]);
    });

    it("no credits of a type that earns none", async () => {
      const server = await world.server({ instanceType: "m8g.large" });
      work(server, 0, 0, 0, 0, 0);
      assert.deepEqual([points("CPUCreditBalance", server), points("CPUUtilization", server)], [[undefined], [0]]);
    });

    it("the credits that it had before the daemon was started again", async () => {
      const server = await world.server({ instanceType: "t4g.small" });
      work(server, 0, 0, 0, 0, 0);
      work(server, 0, 0, 0, 0, 0);
      assert.deepEqual(points("CPUCreditBalance", server).map(rounded), [4]);
    });
  });
});

/** A minute in which the server's program answered and used so much of a processor. */
function loadOf(server: Resource, cpuSeconds: number): Load {
  const name = `app-${server.id}`;
  const app: ProcessLoad = { name, pid: 1, state: "ready", restarts: 0, startedAt: 0, memoryBytes: 0, cpuSeconds, frozen: false };
  return { seconds: 60, processes: new Map([[name, app]]) };
}

function rounded(value: number | undefined): number | undefined {
  return value === undefined ? undefined : Number(value.toFixed(6));
}

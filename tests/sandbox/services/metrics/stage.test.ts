import assert from "node:assert/strict";
import { platformAlarms } from "../../../../components/observability/alarms.ts";
import type { Resource } from "../../../../sandbox/src/core/definition.ts";
import type { Props } from "../../../../sandbox/src/core/values.ts";
import { ec2ActionsDone } from "../../../../sandbox/src/services/cloudwatch/alarm-ec2-action.ts";
import { eventually } from "../../plane/support.ts";
import { REGION } from "../../support/cloud.ts";
import { MeasuredCloud } from "./support.ts";

/** The alarms of stage monolith, over a server and a database that really run. The tests follow one stack through its life. */
describe("the alarms of stage monolith on the sandbox", function () {
  this.timeout(60_000);
  let world: MeasuredCloud;
  let server: Resource;
  let cluster: Resource;
  let seen = 0;
  before(async () => {
    world = new MeasuredCloud();
    await world.prepare();
    world.start();
    server = await world.server();
    ({ cluster } = await world.database());
    await world.agent();
    await alarms();
  });
  after(() => world.end());
  beforeEach(() => {
    seen = world.cloud.notes.length;
  });

  /** Makes every alarm as `Monitoring` does. */
  async function alarms(): Promise<void> {
    const topic = await world.create("aws:sns/topic:Topic", { name: "warning" });
    const watched = {
      namespace: "Platform/platform",
      server: { instanceId: server.id, instanceType: "t4g.small" },
      database: { clusterIdentifier: cluster.id, minAcu: 0.5, maxAcu: 8 },
      backupVaultName: "platform-backup",
    };
    for (const [role, { acts, args }] of Object.entries(platformAlarms(watched, REGION))) {
      const actions = { alarmActions: [topic.id, ...(acts === undefined ? [] : [acts])], okActions: [topic.id] };
      await world.create("aws:cloudwatch/metricAlarm:MetricAlarm", { name: role, ...(args as Props), ...actions });
    }
  }

  const states = (): Record<string, string> => world.alarms();
  /** The states into which an alarm went in this test. */
  const changes = (alarm: string): string[] =>
    world.cloud.notes
      .slice(seen)
      .flatMap((note) => new RegExp(`^The alarm ${alarm} went from \\w+ to (\\w+):`).exec(note)?.[1] ?? []);

  it("are all well after a quarter of an hour in which all is well", async () => {
    await world.minutes(16);
    assert.deepEqual(states(), {
      "backup-failed": "OK",
      "database-capacity": "OK",
      "database-connections": "OK",
      "error-rate": "OK",
      latency: "OK",
      "restore-failed": "OK",
      "server-containers": "OK",
      "server-cpu": "OK",
      "server-credits": "OK",
      "server-disk": "OK",
      "server-health": "OK",
      "server-hung": "OK",
      "server-memory": "OK",
    });
    assert.deepEqual(
      world.cloud.notes.filter((note) => note.includes("to ALARM")),
      [],
    );
  });

  it("stay off for a server whose product dies and comes back", async () => {
    const pid = world.pidOf(server);
    world.cloud.processes.kill(`app-${server.id}`);
    await eventually("the product answers again", () => {
      const app = world.cloud.processes.list().find(({ name }) => name === `app-${server.id}`);
      return app?.state === "ready" && app.pid !== pid;
    });
    await world.minutes(5);
    assert.deepEqual([changes("server-health"), changes("server-hung")], [[], []]);
  });

  it("go off for a server whose product is gone for three minutes, reboot it, and are well again", async () => {
    await world.cloud.processes.stop(`app-${server.id}`);
    await world.minutes(2);
    assert.deepEqual([states()["server-health"], states()["server-hung"]], ["OK", "OK"]);
    await world.minutes(1);
    assert.deepEqual([states()["server-health"], states()["server-hung"]], ["ALARM", "ALARM"]);
    await ec2ActionsDone(world.cloud);
    await world.minutes(1);
    assert.deepEqual([states()["server-health"], states()["server-hung"]], ["OK", "OK"]);
    assert.deepEqual(
      [changes("server-health"), changes("server-hung")],
      [
        ["ALARM", "OK"],
        ["ALARM", "OK"],
      ],
    );
  });

  it("stay on for a server whose product dies and cannot come back, whatever is rebooted", async () => {
    const pid = world.pidOf(server);
    world.break();
    world.cloud.processes.kill(`app-${server.id}`);
    await eventually("the product is gone", () => world.pidOf(server) !== pid);
    await world.minutes(6);
    assert.deepEqual([changes("server-health"), changes("server-hung")], [["ALARM"], ["ALARM"]]);
  });
});

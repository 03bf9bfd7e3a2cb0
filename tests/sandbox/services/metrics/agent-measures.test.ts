import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Resource } from "../../../../sandbox/src/core/definition.ts";
import { text } from "../../../../sandbox/src/core/values.ts";
import { agentNotes, countOf, MeasuredCloud, settingsOf } from "./support.ts";

const GIB = 1024 ** 3;

describe("the CloudWatch agent of a server of the sandbox measures", function () {
  this.timeout(30_000);
  let world: MeasuredCloud;
  beforeEach(async () => {
    world = new MeasuredCloud();
    await world.prepare();
  });
  afterEach(() => world.end());

  const measured = async (server: Resource, name: string, collected: object, dimensions: Record<string, string>) => {
    const append = { InstanceId: "${aws:InstanceId}" };
    await world.agent({ value: settingsOf({ append_dimensions: append, metrics_collected: collected }) });
    await world.minutes(1);
    return world.points("CWAgent", name, { InstanceId: server.id, ...dimensions })[0];
  };
  const memory = (server: Resource): number =>
    world.cloud.processes.list().find(({ name }) => name === `app-${server.id}`)?.memoryBytes ?? 0;

  it("the memory of the programs in that of the instance's type", async () => {
    const server = await world.server({ instanceType: "t4g.small" });
    const measurement = ["used_percent", "mem_used", "total", "available", "mem_available_percent"];
    const percent = (await measured(server, "mem_used_percent", { mem: { measurement } }, {})) ?? 0;
    const [used = 0, total = 0, available = 0, free = 0] = ["used", "total", "available", "available_percent"].map(
      (name) => world.points("CWAgent", `mem_${name}`, { InstanceId: server.id })[0],
    );
    assert.equal(total, 2 * GIB);
    assert.equal(used + available, total);
    assert.ok(used > 5_000_000 && memory(server) > 5_000_000, `${String(used)} bytes`);
    assert.equal(percent, (100 * used) / total);
    assert.equal(free, 100 - percent);
  });

  it("the disk that the programs use of the root volume", async () => {
    const server = await world.server();
    const folder = join(world.cloud.home, "servers", server.id, "data");
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "file"), Buffer.alloc(1_000_000));
    const disk = { measurement: ["used", "total"], resources: ["/", "/data"], drop_device: true };
    const used = (await measured(server, "disk_used", { disk }, { path: "/", fstype: "xfs" })) ?? 0;
    // The folders themselves take a few blocks.
    assert.ok(used >= 1_000_000 && used < 1_100_000, `${String(used)} bytes`);
    assert.deepEqual(world.points("CWAgent", "disk_total", { InstanceId: server.id, path: "/", fstype: "xfs" }), [20 * GIB]);
  });

  it("no disk but the root volume, with its device unless that is dropped", async () => {
    const server = await world.server();
    const device = { path: "/", fstype: "xfs", device: "nvme0n1p1" };
    assert.notEqual(await measured(server, "disk_used", { disk: { measurement: ["used"] } }, device), undefined);
    assert.deepEqual(world.names("CWAgent"), ["disk_used{InstanceId,device,fstype,path}"]);
    const other = await world.server({ tags: { Name: "other" } });
    const value = settingsOf({ metrics_collected: { disk: { measurement: ["used"], resources: ["/data"] } } });
    const name = "AmazonCloudWatch-other";
    await world.create("aws:ssm/parameter:Parameter", { name, type: "String", value });
    const targets = [{ key: "InstanceIds", values: [other.id] }];
    await world.associations(name, { install: { targets }, configure: { targets } });
    await world.minutes(1);
    assert.deepEqual(world.names("CWAgent"), ["disk_used{InstanceId,device,fstype,path}"]);
  });

  it("how many containers run: the product's, and that of the way in", async () => {
    const server = await world.server();
    await world.agent();
    await world.minutes(1);
    assert.equal(countOf(world, server), 2);
    await world.cloud.processes.stop(`app-${server.id}`);
    await world.minutes(1);
    assert.equal(countOf(world, server), 1);
  });

  it("processes by a part of their name, or of their command line", async () => {
    const server = await world.server();
    const lookups = [
      { exe: "node", measurement: ["pid_count"] },
      { exe: "^nod$", measurement: ["pid_count"] },
      { pattern: "server\\.cjs$", measurement: ["procstat_lookup_pid_count"] },
      { pattern: "reverse-proxy .*:8080", measurement: [{ name: "pid_count", rename: "ways_in", unit: "None" }] },
    ];
    const by = (dimensions: Record<string, string>): Promise<number | undefined> =>
      measured(server, "procstat_lookup_pid_count", { procstat: lookups }, { pid_finder: "native", ...dimensions });
    assert.equal(await by({ exe: "node" }), 1);
    const now = (name: string, dimensions: Record<string, string>): number | undefined =>
      world.points("CWAgent", name, { InstanceId: server.id, pid_finder: "native", ...dimensions })[0];
    assert.equal(now("procstat_lookup_pid_count", { exe: "^nod$" }), 0);
    assert.equal(now("procstat_lookup_pid_count", { pattern: "server\\.cjs$" }), 1);
    assert.equal(now("ways_in", { pattern: "reverse-proxy .*:8080" }), 1);
    assert.equal(world.units("CWAgent")["ways_in"], "None");
  });

  it("as often as it is told, and once a minute at most", async () => {
    const server = await world.server();
    const metrics = {
      namespace: "CWAgent",
      append_dimensions: { InstanceId: "${aws:InstanceId}", InstanceType: "${aws:InstanceType}" },
      metrics_collected: {
        mem: { measurement: ["total"], metrics_collection_interval: 300 },
        disk: { measurement: ["total"], append_dimensions: { team: "shop" } },
      },
    };
    await world.agent({ value: settingsOf(metrics, { metrics_collection_interval: 10 }) });
    await world.minutes(6);
    const own = { InstanceId: server.id, InstanceType: "t4g.small" };
    const gap = Array<undefined>(4).fill(undefined);
    assert.deepEqual(world.points("CWAgent", "mem_total", own, 6), [2 * GIB, ...gap, 2 * GIB]);
    const disk = { ...own, team: "shop", path: "/", fstype: "xfs", device: "nvme0n1p1" };
    assert.deepEqual(world.points("CWAgent", "disk_total", disk, 6), Array(6).fill(20 * GIB));
  });

  it("under its host's name where no dimension is appended", async () => {
    const server = await world.server();
    await world.agent({ value: settingsOf({ metrics_collected: { mem: { measurement: ["total"] } } }) });
    await world.minutes(1);
    const host = text(server.outputs, "privateDns");
    assert.match(host, /^ip-10-0-0-\d+\.eu-central-1\.compute\.internal$/);
    assert.deepEqual(world.points("CWAgent", "mem_total", { host }), [2 * GIB]);
  });

  it("not what the sandbox cannot see, and says what that is", async () => {
    const server = await world.server();
    const metrics = {
      metrics_collected: {
        mem: { measurement: ["mem_cached", "mem_total"] },
        procstat: [
          { pid_file: "/run/web.pid", measurement: ["pid_count"] },
          { exe: "node", measurement: ["cpu_usage"] },
        ],
        swap: { measurement: ["used_percent"] },
      },
    };
    await world.agent({ value: JSON.stringify({ metrics, logs: { logs_collected: {} } }) });
    await world.minutes(2);
    assert.deepEqual(world.names("CWAgent"), ["mem_total{host}"]);
    assert.deepEqual(agentNotes(world.cloud), [
      `The CloudWatch agent on ${server.id} cannot measure here: mem_cached, procstat with pid_file, procstat_cpu_usage, swap, logs`,
    ]);
  });
});

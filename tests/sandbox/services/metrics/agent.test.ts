import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { agentSettings } from "../../../../components/compute/host-metrics.ts";
import type { Resource } from "../../../../sandbox/src/core/definition.ts";
import { text } from "../../../../sandbox/src/core/values.ts";
import { REGION } from "../../support/cloud.ts";
import { MeasuredCloud, PUBLISH } from "./support.ts";

const GIB = 1024 ** 3;

describe("the CloudWatch agent of a server of the sandbox", function () {
  this.timeout(30_000);
  let world: MeasuredCloud;
  beforeEach(async () => {
    world = new MeasuredCloud();
    await world.prepare();
  });
  afterEach(() => world.end());

  const settings = (metrics: object, agent: object = {}): string => JSON.stringify({ agent, metrics });
  const mem = { mem: { measurement: ["mem_used_percent"] } };
  const count = (server: Resource): number | undefined =>
    world.points("CWAgent", "procstat_lookup_pid_count", { InstanceId: server.id })[0];
  const notes = (): string[] => world.cloud.notes.filter((note) => /association|CloudWatch agent|Systems Manager/.test(note));

  describe("is there", () => {
    it("when Systems Manager has installed and configured it, and publishes what the platform asks for", async () => {
      await world.server();
      await world.agent();
      await world.minutes(1);
      assert.deepEqual(world.names("CWAgent"), [
        "disk_used_percent{InstanceId,fstype,path}",
        "disk_used_percent{InstanceId,path}",
        "disk_used_percent{InstanceId}",
        "mem_used_percent{InstanceId}",
        "procstat_lookup_pid_count{InstanceId,exe,pid_finder}",
        "procstat_lookup_pid_count{InstanceId}",
      ]);
      assert.deepEqual(world.units("CWAgent"), {
        disk_used_percent: "Percent",
        mem_used_percent: "Percent",
        procstat_lookup_pid_count: "Count",
      });
      assert.deepEqual(notes(), []);
    });

    it("on no server without an association", async () => {
      await world.server();
      await world.minutes(1);
      assert.deepEqual(world.names("CWAgent"), []);
    });

    it("on the servers with the tag, and on those that come later", async () => {
      const first = await world.server();
      const other = await world.server({ tags: { Name: "other" } });
      await world.agent();
      await world.minutes(1);
      const later = await world.server();
      await world.minutes(1);
      assert.deepEqual([count(first), count(other), count(later)], [2, undefined, 2]);
    });

    it("on servers that are named, and on those that meet every target of several", async () => {
      const named = await world.server({ tags: { Name: "named" } });
      const both = await world.server({ tags: { Name: "web", Stage: "test" } });
      const one = await world.server();
      const targets = [
        { key: "tag:Name", values: ["web", "named"] },
        { key: "tag:Stage", values: ["test"] },
      ];
      const { parameter } = await world.agent({ install: { targets }, configure: { targets } });
      const byId = { targets: [{ key: "InstanceIds", values: [named.id] }] };
      await world.associations(parameter.id, { install: byId, configure: byId });
      await world.minutes(1);
      assert.deepEqual([count(named), count(both), count(one)], [2, 2, undefined]);
    });

    it("no more once it is uninstalled, and it goes on when its associations go", async () => {
      const server = await world.server();
      const { install, configure } = await world.agent();
      await world.minutes(1);
      await world.stack.delete(configure);
      await world.stack.delete(install);
      await world.minutes(1);
      assert.equal(count(server), 2);
      const uninstall = { parameters: { action: "Uninstall", name: "AmazonCloudWatchAgent" } };
      await world.associations("AmazonCloudWatch-web", { install: uninstall });
      await world.minutes(1);
      assert.equal(count(server), undefined);
    });
  });

  describe("publishes nothing, and it is noted once", () => {
    const silent = async (...said: (string | RegExp)[]): Promise<void> => {
      await world.minutes(40);
      assert.deepEqual(world.names("CWAgent"), []);
      assert.equal(notes().length, said.length, notes().join("\n"));
      for (const [index, expected] of said.entries()) {
        const note = notes()[index] ?? "";
        if (typeof expected === "string") assert.equal(note, expected);
        else assert.match(note, expected);
      }
    };
    const failed = (server: Resource): string => `The association AmazonCloudWatch-ManageAgent failed on ${server.id}: `;

    it("when its parameter is missing", async () => {
      const server = await world.server();
      await world.associations("AmazonCloudWatch-web");
      await silent(`${failed(server)}ParameterNotFound: there is no parameter AmazonCloudWatch-web in ${REGION}`);
    });

    it("when its parameter is not JSON", async () => {
      const server = await world.server();
      await world.agent({ value: "{ metrics" });
      await silent(new RegExp(`^${failed(server)}AmazonCloudWatch-web: the configuration is not JSON: `));
    });

    it("when its parameter is no configuration of the agent: every fault is told", async () => {
      const server = await world.server();
      const metrics = {
        append_dimensions: { Team: "shop" },
        metrics_collected: { mem: { measurement: "mem_used_percent" }, procstat: [{ exe: "a", pattern: "b" }, { exe: "(" }] },
      };
      await world.agent({ value: settings(metrics) });
      await silent(
        `${failed(server)}AmazonCloudWatch-web: the configuration is not valid: ` +
          'metrics.append_dimensions: Unrecognized key: "Team"; ' +
          "metrics.metrics_collected.mem.measurement: Invalid input: expected array, received string; " +
          "metrics.metrics_collected.procstat.0: needs exactly one of exe, pattern and pid_file; " +
          "metrics.metrics_collected.procstat.1.exe: is not a regular expression",
      );
    });

    it("when it was not installed first", async () => {
      const server = await world.server();
      const { install } = await world.agent({ install: { targets: [{ key: "InstanceIds", values: ["i-other"] }] } });
      assert.equal(install.inputs["name"], "AWS-ConfigureAWSPackage");
      await silent(
        `${failed(server)}the CloudWatch agent is not installed; AWS-ConfigureAWSPackage installs AmazonCloudWatchAgent`,
      );
    });

    it("when its server's role may not publish", async () => {
      const server = await world.server({ statements: [] });
      await world.agent();
      await silent(
        new RegExp(
          `^The CloudWatch agent on ${server.id} cannot publish: AccessDenied: User: arn:aws:sts::123456789012:assumed-role/server-\\d+/${server.id} ` +
            "is not authorized to perform: cloudwatch:PutMetricData on resource: \\* because no identity-based policy allows the cloudwatch:PutMetricData action$",
        ),
      );
    });

    it("when its server's role may publish in another namespace only", async () => {
      const elsewhere = { StringEquals: { "cloudwatch:namespace": "Other" } };
      await world.server({ statements: [{ ...PUBLISH, Condition: elsewhere }] });
      await world.agent();
      await silent(/is not authorized to perform: cloudwatch:PutMetricData/);
    });

    it("when its server's role may not read the parameter", async () => {
      const server = await world.server({
        managed: [],
        statements: [PUBLISH, { Action: "ssm:UpdateInstanceInformation", Resource: "*" }],
      });
      await world.agent();
      await silent(
        new RegExp(
          `^${failed(server)}AccessDenied: .* is not authorized to perform: ssm:GetParameter on resource: ` +
            `arn:aws:ssm:${REGION}:123456789012:parameter/AmazonCloudWatch-web because`,
        ),
      );
    });

    it("when Systems Manager does not manage its server", async () => {
      const server = await world.server({ managed: [] });
      await world.agent();
      await silent(
        new RegExp(
          `^Systems Manager does not manage ${server.id}, so associations do not reach it: .* is not authorized to perform: ssm:UpdateInstanceInformation`,
        ),
      );
    });

    it("when its server has no role", async () => {
      const server = await world.create("aws:ec2/instance:Instance", {
        ami: "ami-0123456789abcdef0",
        instanceType: "t4g.small",
        subnetId: (await world.subnet()).id,
        tags: { Name: "web" },
        tagsAll: { Name: "web" },
      });
      await world.agent();
      await silent(
        `Systems Manager does not manage ${server.id}, so associations do not reach it: Unable to locate credentials: the instance has no instance profile`,
      );
    });
  });

  describe("takes over its configuration", () => {
    it("within half an hour of its parameter's change, and not before", async () => {
      const server = await world.server();
      const { parameter } = await world.agent({ value: settings({ metrics_collected: mem }) });
      await world.minutes(1);
      assert.deepEqual(world.names("CWAgent"), ["mem_used_percent{host}"]);
      await world.stack.update(parameter, "r", { ...parameter.inputs, value: JSON.stringify(agentSettings()) });
      await world.minutes(29);
      assert.equal(count(server), undefined);
      await world.minutes(1);
      assert.equal(count(server), 2);
    });

    it("at once when its association changes", async () => {
      const server = await world.server();
      const { configure } = await world.agent({ value: settings({ metrics_collected: mem }) });
      await world.minutes(1);
      const name = "AmazonCloudWatch-other";
      await world.create("aws:ssm/parameter:Parameter", { name, type: "String", value: JSON.stringify(agentSettings()) });
      const parameters = { action: "configure", optionalConfigurationLocation: name };
      await world.stack.update(configure, "r", { ...configure.inputs, parameters });
      await world.minutes(1);
      assert.equal(count(server), 2);
    });

    it("and goes on with the old one when the new one is broken or gone", async () => {
      const server = await world.server();
      const { parameter } = await world.agent();
      await world.minutes(1);
      await world.stack.update(parameter, "r", { ...parameter.inputs, value: "{}{" });
      await world.minutes(30);
      await world.stack.delete(parameter);
      await world.minutes(30);
      assert.equal(count(server), 2);
      assert.equal(notes().length, 2);
      assert.match(notes()[0] ?? "", /the configuration is not JSON/);
      assert.match(notes()[1] ?? "", /ParameterNotFound/);
    });

    it("at its next start, where it is not to be restarted; and it can be stopped and started", async () => {
      const server = await world.server();
      const given = { action: "configure", optionalConfigurationLocation: "AmazonCloudWatch-web", optionalRestart: "no" };
      const { configure } = await world.agent({ configure: { parameters: given } });
      const once = async (parameters: Record<string, string>): Promise<number | undefined> => {
        await world.stack.update(configure, "r", { ...configure.inputs, parameters });
        await world.minutes(1);
        return count(server);
      };
      await world.minutes(1);
      assert.equal(count(server), undefined);
      assert.equal(await once({ action: "start" }), 2);
      assert.equal(await once({ action: "stop" }), undefined);
      assert.equal(await once({ action: "status" }), undefined);
      assert.equal(await once({ action: "start" }), 2);
    });
  });

  describe("measures", () => {
    const measured = async (server: Resource, name: string, collected: object, dimensions: Record<string, string>) => {
      const append = { InstanceId: "${aws:InstanceId}" };
      await world.agent({ value: settings({ append_dimensions: append, metrics_collected: collected }) });
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
      const value = settings({ metrics_collected: { disk: { measurement: ["used"], resources: ["/data"] } } });
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
      assert.equal(count(server), 2);
      await world.cloud.processes.stop(`app-${server.id}`);
      await world.minutes(1);
      assert.equal(count(server), 1);
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
      await world.agent({ value: settings(metrics, { metrics_collection_interval: 10 }) });
      await world.minutes(6);
      const own = { InstanceId: server.id, InstanceType: "t4g.small" };
      const gap = Array<undefined>(4).fill(undefined);
      assert.deepEqual(world.points("CWAgent", "mem_total", own, 6), [2 * GIB, ...gap, 2 * GIB]);
      const disk = { ...own, team: "shop", path: "/", fstype: "xfs", device: "nvme0n1p1" };
      assert.deepEqual(world.points("CWAgent", "disk_total", disk, 6), Array(6).fill(20 * GIB));
    });

    it("under its host's name where no dimension is appended", async () => {
      const server = await world.server();
      await world.agent({ value: settings({ metrics_collected: { mem: { measurement: ["total"] } } }) });
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
      assert.deepEqual(notes(), [
        `The CloudWatch agent on ${server.id} cannot measure here: mem_cached, procstat with pid_file, procstat_cpu_usage, swap, logs`,
      ]);
    });
  });
});

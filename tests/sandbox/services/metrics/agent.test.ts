import assert from "node:assert/strict";
import { agentSettings } from "../../../../components/compute/host-metrics.ts";
import type { Resource } from "../../../../sandbox/src/core/definition.ts";
import { installedAgents } from "../../../../sandbox/src/services/cloudwatch-agent/installed.ts";
import { associationRuns } from "../../../../sandbox/src/services/ssm/association-runs.ts";
import { REGION } from "../../support/cloud.ts";
import { agentNotes, countOf, MeasuredCloud, PUBLISH, settingsOf } from "./support.ts";

describe("the CloudWatch agent of a server of the sandbox", function () {
  this.timeout(30_000);
  let world: MeasuredCloud;
  beforeEach(async () => {
    world = new MeasuredCloud();
    await world.prepare();
  });
  afterEach(() => world.end());

  const mem = { mem: { measurement: ["mem_used_percent"] } };
  const count = (server: Resource): number | undefined => countOf(world, server);

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
      assert.deepEqual(agentNotes(world.cloud), []);
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

    it("with its server only: what is remembered of both goes with the server", async () => {
      const server = await world.server();
      await world.agent();
      await world.minutes(1);
      const remembered = (): number[] =>
        [associationRuns(world.cloud), installedAgents(world.cloud)].map((space) => space.entries().length);
      assert.deepEqual(remembered(), [2, 1]);
      await world.stack.delete(server);
      await world.minutes(1);
      assert.deepEqual(remembered(), [0, 0]);
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
      assert.equal(agentNotes(world.cloud).length, said.length, agentNotes(world.cloud).join("\n"));
      for (const [index, expected] of said.entries()) {
        const note = agentNotes(world.cloud)[index] ?? "";
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
      await world.agent({ value: settingsOf(metrics) });
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
      const { parameter } = await world.agent({ value: settingsOf({ metrics_collected: mem }) });
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
      const { configure } = await world.agent({ value: settingsOf({ metrics_collected: mem }) });
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
      assert.equal(agentNotes(world.cloud).length, 2);
      assert.match(agentNotes(world.cloud)[0] ?? "", /the configuration is not JSON/);
      assert.match(agentNotes(world.cloud)[1] ?? "", /ParameterNotFound/);
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
});

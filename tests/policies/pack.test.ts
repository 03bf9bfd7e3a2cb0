import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { join } from "node:path";
import { credentials } from "@grpc/grpc-js";
import type { PolicyConfigSchema } from "@pulumi/policy";
import { rules } from "../../policies/rules.ts";
import { UNKNOWN } from "./support.ts";

const require = createRequire(import.meta.url);
const { AnalyzerClient } =
  require("@pulumi/pulumi/proto/analyzer_grpc_pb.js") as typeof import("@pulumi/pulumi/proto/analyzer_grpc_pb.js");
const messages = require("@pulumi/pulumi/proto/analyzer_pb.js") as typeof import("@pulumi/pulumi/proto/analyzer_pb.js");
// The messages check their parts with `instanceof`, so these have to be the very modules that @pulumi/pulumi uses.
const fromPulumi = createRequire(require.resolve("@pulumi/pulumi/package.json"));
const { Struct } = fromPulumi(
  "google-protobuf/google/protobuf/struct_pb.js",
) as typeof import("google-protobuf/google/protobuf/struct_pb.js");
const { Empty } = fromPulumi(
  "google-protobuf/google/protobuf/empty_pb.js",
) as typeof import("google-protobuf/google/protobuf/empty_pb.js");

const root = join(import.meta.dirname, "../..");

describe("the policy pack, served as the engine has it served", () => {
  let server: ChildProcess;
  let client: InstanceType<typeof AnalyzerClient>;

  before(async () => {
    const runner = join(root, "node_modules/@pulumi/pulumi/cmd/run-policy-pack");
    server = spawn(process.execPath, [runner, "127.0.0.1:1", "."], {
      cwd: join(root, "policies"),
      stdio: ["ignore", "pipe", "inherit"],
    });
    const { stdout } = server;
    assert.ok(stdout);
    const port = await new Promise<string>((resolve, reject) => {
      createInterface({ input: stdout }).once("line", resolve);
      server.once("exit", (code) => {
        reject(new Error(`the pack ended with exit code ${String(code)} before it served`));
      });
    });
    client = new AnalyzerClient(`127.0.0.1:${port}`, credentials.createInsecure());
  });

  after(async () => {
    client.close();
    const ended = new Promise((resolve) => server.once("exit", resolve));
    server.kill();
    await ended;
  });

  /** Level and text of each diagnostic about one resource. */
  async function analyze(type: string, inputs: Record<string, unknown>): Promise<string[]> {
    const request = new messages.AnalyzeRequest();
    request.setType(type);
    request.setUrn(`urn:pulumi:prod::platform::${type}::thing`);
    request.setName("thing");
    request.setOptions(
      new messages.AnalyzerResourceOptions().setCustomtimeouts(new messages.AnalyzerResourceOptions.CustomTimeouts()),
    );
    request.setProperties(Struct.fromJavaScript(inputs as Parameters<typeof Struct.fromJavaScript>[0]));
    const response = await new Promise<InstanceType<typeof messages.AnalyzeResponse>>((resolve, reject) =>
      client.analyze(request, (error, answer) => {
        if (error) reject(error);
        else resolve(answer);
      }),
    );
    return response
      .getDiagnosticsList()
      .map(
        (diagnostic) =>
          `${levels.get(diagnostic.getEnforcementlevel()) ?? "?"} ${diagnostic.getPolicyname()}: ${diagnostic.getMessage()}`,
      );
  }
  const levels = new Map(Object.entries(messages.EnforcementLevel).map(([name, value]) => [value, name.toLowerCase()]));

  it("lists every rule with its level", async () => {
    const info = await new Promise<InstanceType<typeof messages.AnalyzerInfo>>((resolve, reject) =>
      client.getAnalyzerInfo(new Empty(), (error, answer) => {
        if (error) reject(error);
        else resolve(answer);
      }),
    );
    assert.equal(info.getName(), "platform");
    assert.deepEqual(
      info.getPoliciesList().map((policy) => `${levels.get(policy.getEnforcementlevel()) ?? "?"} ${policy.getName()}`),
      rules.map(({ name }) => `mandatory ${name}`),
    );
  });

  it("stops a database without backups, and passes one that keeps every rule", async () => {
    const sound = {
      storageEncrypted: true,
      backupRetentionPeriod: 7,
      deletionProtection: true,
      finalSnapshotIdentifier: "shop-last",
    };
    assert.deepEqual(await analyze("aws:rds/cluster:Cluster", sound), []);
    assert.deepEqual(await analyze("aws:rds/cluster:Cluster", { ...sound, backupRetentionPeriod: 1 }), [
      "mandatory database-recoverable: A database keeps automatic backups, and with them every second of the time between, for at least a week.\n" +
        "backupRetentionPeriod is 1; it must be at least 7 days.",
    ]);
  });

  it("says what a preview cannot know as advice, never as a pass", async () => {
    assert.deepEqual(await analyze("aws:iam/rolePolicy:RolePolicy", { policy: UNKNOWN }), [
      "advisory iam-no-wildcard-actions: can't run policy 'iam-no-wildcard-actions' from policy pack 'platform@v0.1.0' during preview: " +
        "string value at .policy can't be known during preview",
    ]);
  });

  it("takes each rule's configuration from the engine", async () => {
    const configure = async (properties: Record<string, unknown>): Promise<void> => {
      const request = new messages.ConfigureAnalyzerRequest();
      const config = new messages.PolicyConfig();
      config.setEnforcementlevel(messages.EnforcementLevel.ADVISORY);
      config.setProperties(Struct.fromJavaScript(properties as Parameters<typeof Struct.fromJavaScript>[0]));
      request.getPolicyconfigMap().set("only-web-ports-open-to-anyone", config);
      await new Promise<void>((resolve, reject) =>
        client.configure(request, (error) => {
          if (error) reject(error);
          else resolve();
        }),
      );
    };
    await configure({ ports: [8443] });
    const open = (port: number): Promise<string[]> =>
      analyze("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", {
        ipProtocol: "tcp",
        fromPort: port,
        toPort: port,
        cidrIpv4: "0.0.0.0/0",
      });
    assert.deepEqual(await open(8443), []);
    assert.match(
      (await open(443)).join("\n"),
      /^advisory only-web-ports-open-to-anyone: [^\n]*\n0\.0\.0\.0\/0 may reach port 443; everyone may reach only: 8443\.$/,
    );
  });
});

describe("the rules of the pack", () => {
  for (const rule of rules)
    it(`describe themselves: ${rule.name}`, () => {
      assert.match(rule.name, /^[a-z0-9]+(-[a-z0-9]+)+$/);
      assert.match(rule.description, /\.$/);
      assert.ok(
        rule.severity && rule.framework?.reference && rule.remediationSteps && rule.tags?.length,
        "a rule has severity, controls, remediation and tags",
      );
      const properties: PolicyConfigSchema["properties"] = rule.configSchema?.properties ?? {};
      for (const [name, schema] of Object.entries(properties)) {
        assert.notEqual(schema.default, undefined, `${name} has a default`);
        assert.ok(schema.description, `${name} is described`);
      }
    });
});

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pulumiEnvironment } from "../../sandbox/src/commands/environment.ts";
import type { Cloud } from "../../sandbox/src/core/cloud.ts";
import type { ResourceDefinition } from "../../sandbox/src/core/definition.ts";
import { CloudEngine } from "../../sandbox/src/core/engine.ts";
import { newId } from "../../sandbox/src/core/ids.ts";
import { type ProviderServer, serveProvider } from "../../sandbox/src/core/provider.ts";
import { World } from "../../sandbox/src/core/world.ts";
import { type PulumiCli, resolvePulumi } from "../../sandbox/src/toolchain/resolve.ts";
import { readSchemas } from "../../sandbox/tools/generate-schema.ts";
import { root } from "../runner/groups.ts";

const folder = join(import.meta.dirname, "programs/bad");
const types = [
  "aws:cloudwatch/logGroup:LogGroup",
  "aws:cloudwatch/metricAlarm:MetricAlarm",
  "aws:dynamodb/table:Table",
  "aws:ec2/instance:Instance",
  "aws:ec2/launchTemplate:LaunchTemplate",
  "aws:ec2/securityGroup:SecurityGroup",
  "aws:iam/role:Role",
  "aws:iam/rolePolicy:RolePolicy",
  "aws:kms/key:Key",
  "aws:lambda/function:Function",
  "aws:rds/instance:Instance",
  "aws:s3/bucket:Bucket",
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
  "aws:sqs/queue:Queue",
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
];

/** The mandatory findings of each program, as `RULE RESOURCE`. */
const expected: Readonly<Record<string, readonly string[]>> = {
  "public-bucket": [
    "bucket-closed-to-public pictures",
    "bucket-kept pictures",
    "bucket-tls-only pictures",
    "bucket-versioned pictures",
    "resource-tagged pictures",
  ],
  "database-open-to-everyone": ["only-web-ports-open-to-anyone database"],
  "admin-port-open": ["admin-ports-closed ssh", "only-web-ports-open-to-anyone ssh"],
  "wildcard-role": [
    "iam-no-privilege-escalation everything",
    "iam-no-wildcard-actions everything",
    "iam-pass-role-narrow everything",
    "key-use-narrow everything",
  ],
  "unencrypted-queue": ["queue-encrypted orders", "queue-has-alarms orders", "queue-has-dead-letters orders"],
  "single-zone-database": ["data-in-backup-plan shop", "database-has-alarms shop", "database-in-several-zones shop"],
  "password-in-user-data": ["user-data-without-secrets web"],
  "secret-in-environment": [
    "environment-without-secrets mailer",
    "function-has-alarms mailer",
    "function-runtime-supported mailer",
  ],
  "old-metadata": ["disk-encrypted tutorial", "instance-metadata-v2 tutorial", "resource-tagged tutorial"],
  "key-soon-gone": ["key-deletion-slow data", "key-rotates data"],
  "disposable-table": [
    "data-in-backup-plan carts",
    "resource-tagged carts",
    "table-protected-from-deletion carts",
    "table-recoverable carts",
  ],
  "silent-alarm": ["alarm-acts errors", "log-retention shop-log"],
};

describe("programs with the mistakes that people make", function () {
  this.timeout(120_000);
  let scratch: string;
  let world: World;
  let server: ProviderServer;
  let environment: NodeJS.ProcessEnv;
  let cli: PulumiCli;

  const pulumi = (...args: string[]): Promise<{ code: number; output: string }> =>
    new Promise((resolve) => {
      const options = { cwd: folder, env: environment, maxBuffer: 16 * 1024 * 1024 };
      const child = execFile(cli.path, [...args, "--non-interactive", "--color", "never"], options, (_error, stdout, stderr) => {
        resolve({ code: child.exitCode ?? 1, output: stdout + stderr });
      });
    });

  before(async () => {
    cli = await resolvePulumi();
    scratch = mkdtempSync(join(tmpdir(), "platform-bad-programs-"));
    world = new World(join(scratch, "world.db"));
    const definitions = types.map((type): ResourceDefinition => ({
      type,
      replaceOn: [],
      create: () => ({ id: newId("thing"), outputs: {} }),
    }));
    const schemas = readSchemas(types);
    server = await serveProvider(new CloudEngine({ world } as Cloud, definitions, schemas), schemas);
    environment = {
      ...pulumiEnvironment({ context: { home: scratch, stack: "test" }, cli, daemon: { providerPorts: { aws: server.port } } }),
      PWD: folder,
      POLICIES_SETTINGS: join(scratch, "policies.yaml"),
    };
    // One zone is enough for the smallest stage; here it is what the program is about.
    writeFileSync(join(scratch, "policies.yaml"), "presets: monolith\nrules:\n  database-in-several-zones: mandatory\n");
    mkdirSync(join(scratch, "state"));
    const { code, output } = await pulumi("stack", "init", "test");
    assert.equal(code, 0, output);
    rmSync(join(folder, "Pulumi.test.yaml"), { force: true });
  });
  after(async () => {
    await server.close();
    world.close();
    rmSync(scratch, { recursive: true });
    rmSync(join(folder, "Pulumi.test.yaml"), { force: true });
  });

  /** Previews programs, and gives the mandatory findings, each once. */
  const findings = async (programs: readonly string[]): Promise<{ readonly code: number; readonly found: readonly string[] }> => {
    const config = join(scratch, "config.yaml");
    const list = programs.map((program) => `    - ${program}\n`).join("");
    writeFileSync(config, `config:\n  aws:region: eu-central-1\n  bad:programs:\n${list}`);
    const { code, output } = await pulumi("preview", "--config-file", config, "--policy-pack", join(root, "policies"));
    const lines = output.matchAll(/- \[mandatory\](?: \[severity: \w+\])?\s+([\w-]+)\s+\([^)]*: ([\w-]+)\)/g);
    return { code, found: [...new Set([...lines].map(([, rule = "", name = ""]) => `${rule} ${name}`))].sort() };
  };

  it("has one file for each", () => {
    const files = readdirSync(folder).filter((file) => file.endsWith(".ts") && file !== "index.ts");
    assert.deepEqual(files.map((file) => file.replace(".ts", "")).sort(), Object.keys(expected).sort());
    assert.equal(files.length, 12);
  });

  it("stops one of them before anything is made", async () => {
    const { code, found } = await findings(["public-bucket"]);
    assert.notEqual(code, 0);
    assert.deepEqual(found, expected["public-bucket"]);
    assert.deepEqual(world.all(), []);
  });

  describe("run as one, which is faster than one by one", () => {
    let all: Awaited<ReturnType<typeof findings>>;
    before(async () => {
      all = await findings(Object.keys(expected));
    });

    for (const [program, wanted] of Object.entries(expected))
      it(`are stopped for what is wrong with ${program.replaceAll("-", " ")}`, () => {
        assert.deepEqual(
          wanted.filter((finding) => !all.found.includes(finding)),
          [],
        );
      });

    it("are stopped for nothing else", () => {
      assert.notEqual(all.code, 0);
      assert.deepEqual(all.found, Object.values(expected).flat().sort());
      assert.deepEqual(world.all(), []);
    });
  });
});

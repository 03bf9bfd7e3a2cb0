import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Cloud } from "../../sandbox/src/core/cloud.ts";
import { CloudError, type ResourceDefinition } from "../../sandbox/src/core/definition.ts";
import { CloudEngine } from "../../sandbox/src/core/engine.ts";
import { newId } from "../../sandbox/src/core/ids.ts";
import { bucket } from "../../sandbox/src/services/s3/bucket.ts";
import { type ProviderServer, serveProvider } from "../../sandbox/src/core/provider.ts";
import { World } from "../../sandbox/src/core/world.ts";
import { pulumiEnvironment } from "../../sandbox/src/commands/environment.ts";
import { type PulumiCli, resolvePulumi } from "../../sandbox/src/toolchain/resolve.ts";
import { readSchemas } from "../../sandbox/tools/generate-schema.ts";

const program = join(import.meta.dirname, "programs/network");
const type = "aws:ec2/vpc:Vpc";

describe("the real engine on the sandbox's provider", function () {
  this.timeout(120_000);
  let folder: string;
  let world: World;
  let server: ProviderServer;
  let engine: CloudEngine;
  let environment: NodeJS.ProcessEnv;
  let cli: PulumiCli;
  let refuse: CloudError | undefined;
  const vpc: ResourceDefinition = {
    type,
    replaceOn: ["cidrBlock"],
    create: () => {
      if (refuse !== undefined) throw refuse;
      return { id: newId("vpc"), outputs: { arn: "arn:aws:ec2:eu-central-1:123456789012:vpc/main" } };
    },
  };

  /** Runs the CLI on the test's own stack; resolves with its exit code and all that it printed. */
  const pulumi = (...args: string[]): Promise<{ code: number; output: string }> =>
    new Promise((resolve) => {
      const options = { cwd: program, env: environment, maxBuffer: 16 * 1024 * 1024 };
      const child = execFile(cli.path, [...args, "--non-interactive"], options, (_error, stdout, stderr) => {
        resolve({ code: child.exitCode ?? 1, output: stdout + stderr });
      });
    });
  const config = join(tmpdir(), `platform-network-${process.pid}.yaml`);
  const succeed = async (...args: string[]): Promise<string> => {
    const { code, output } = await pulumi(...args);
    assert.equal(code, 0, output);
    return output;
  };
  const up = (...args: string[]): Promise<string> => succeed("up", "--yes", "--skip-preview", "--config-file", config, ...args);
  const setting = (key: string, value: string, ...args: string[]): Promise<string> =>
    succeed("config", "set", key, value, "--config-file", config, ...args);

  before(async () => {
    cli = await resolvePulumi();
  });
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "platform-engine-"));
    world = new World(join(folder, "world.db"));
    refuse = undefined;
    const schemas = readSchemas([type, bucket.type]);
    engine = new CloudEngine({ world, home: folder, now: () => 0 } as Cloud, [vpc, bucket], schemas);
    server = await serveProvider(engine, schemas);
    environment = pulumiEnvironment({
      context: { home: folder, stack: "test" },
      cli,
      daemon: { providerPorts: { aws: server.port } },
    });
    mkdirSync(join(folder, "state"));
    await succeed("stack", "init", "test");
    rmSync(join(program, "Pulumi.test.yaml"), { force: true });
    await setting("aws:region", "eu-central-1");
  });
  afterEach(async () => {
    await server.close();
    world.close();
    rmSync(folder, { recursive: true });
    rmSync(config, { force: true });
    rmSync(join(program, "Pulumi.test.yaml"), { force: true });
  });

  it("goes up, finds nothing to change, refreshes without drift, changes in place, and is destroyed", async () => {
    await up();
    const [made] = world.all();
    assert.match(made?.id ?? "", /^vpc-[0-9a-f]{17}$/);
    assert.equal(made?.region, "eu-central-1");
    await succeed("preview", "--config-file", config, "--expect-no-changes");
    await succeed("refresh", "--yes", "--skip-preview", "--config-file", config, "--expect-no-changes");
    await setting("purpose", "change");
    assert.match(await up(), /~ 1 updated/);
    assert.deepEqual(
      world.all().map(({ id, inputs }) => ({ id, tags: inputs["tags"] })),
      [{ id: made.id, tags: { Purpose: "change", Key: "none" } }],
    );
    await succeed("destroy", "--yes", "--skip-preview", "--config-file", config);
    assert.deepEqual(world.all(), []);
  });

  it("replaces what cannot be changed in place", async () => {
    await up();
    const [before] = world.all();
    await setting("cidr", "10.1.0.0/16");
    assert.match(await up(), /\+- 1 replaced|\+-1 replaced/);
    const [after, ...more] = world.all();
    assert.notEqual(after?.id, before?.id);
    assert.deepEqual(more, []);
  });

  it("makes nothing in a preview, and shows no id before there is one", async () => {
    const output = await succeed("preview", "--config-file", config, "--json");
    const { changeSummary } = JSON.parse(output.slice(output.indexOf("{"), output.lastIndexOf("}") + 1)) as {
      changeSummary: Record<string, number>;
    };
    assert.deepEqual(changeSummary, { create: 2 });
    assert.deepEqual(world.all(), []);
  });

  it("keeps a secret out of the state, in which only its cipher stands", async () => {
    await setting("key", "hunter2-hunter2", "--secret");
    await up();
    const state = readFileSync(join(folder, "state/.pulumi/stacks/network/test.json"), "utf8");
    assert.ok(!state.includes("hunter2-hunter2"));
    assert.ok(state.includes("ciphertext"));
  });

  it("shows the cloud's own refusal, and completes at the next up with nothing made twice", async () => {
    refuse = new CloudError("VpcLimitExceeded", "The maximum number of VPCs has been reached.");
    const { code, output } = await pulumi("up", "--yes", "--skip-preview", "--config-file", config);
    assert.notEqual(code, 0);
    assert.match(output, /api error VpcLimitExceeded: The maximum number of VPCs has been reached\./);
    refuse = undefined;
    await up();
    assert.equal(world.all().length, 1);
  });

  it("refuses to destroy what is protected, and leaves it standing", async () => {
    await setting("protect", "true");
    await up();
    const { code, output } = await pulumi("destroy", "--yes", "--skip-preview", "--config-file", config);
    assert.notEqual(code, 0);
    assert.match(output, /cannot be deleted[\s\S]*protect/);
    assert.equal(world.all().length, 1);
  });

  it("adopts a bucket by import that the cloud already holds, with its inputs, and knows one that it does not hold", async () => {
    const urn = `urn:pulumi:another::company::${bucket.type}::archive`;
    const { id } = await engine.create({ urn, region: "eu-central-1", inputs: { bucket: "company-archive" } });
    const adopt = (name: string, existing: string): Promise<{ code: number; output: string }> =>
      pulumi(
        ...["import", bucket.type, name, existing, "--yes", "--skip-preview", "--generate-code=false"],
        ...["--config-file", config],
      );
    const { code, output } = await adopt("archive", id);
    assert.equal(code, 0, output);
    const exported = JSON.parse(await succeed("stack", "export")) as {
      deployment: { resources: { type: string; id?: string; inputs?: { bucket?: string }; protect?: boolean }[] };
    };
    const found = exported.deployment.resources.filter((each) => each.type === bucket.type);
    assert.deepEqual(
      found.map((each) => [each.id, each.inputs?.bucket, each.protect]),
      [["company-archive", "company-archive", true]],
    );
    const missing = await adopt("nothing", "no-such-bucket");
    assert.notEqual(missing.code, 0);
    assert.match(missing.output, /resource 'no-such-bucket' does not exist/);
    assert.equal(world.all(bucket.type).length, 1);
  });
});

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
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

const program = join(import.meta.dirname, "programs/policies");
const pack = join(root, "policies");
const types = ["aws:ec2/vpc:Vpc", "aws:kms/key:Key"];

/** What the engine prints of a violation, after the line that names the rule and the resource. */
const slow = "deletionWindowInDays is 7; it must be at least 14 days.";

describe("the policy pack under the real engine, on a program of another project", function () {
  this.timeout(180_000);
  let folder: string;
  let world: World;
  let server: ProviderServer;
  let environment: NodeJS.ProcessEnv;
  let cli: PulumiCli;
  let config: string;

  const pulumi = (...args: string[]): Promise<{ code: number; output: string }> =>
    new Promise((resolve) => {
      const options = { cwd: program, env: environment, maxBuffer: 16 * 1024 * 1024 };
      const child = execFile(cli.path, [...args, "--non-interactive", "--color", "never"], options, (_error, stdout, stderr) => {
        resolve({ code: child.exitCode ?? 1, output: stdout + stderr });
      });
    });
  const succeed = async (...args: string[]): Promise<string> => {
    const { code, output } = await pulumi(...args);
    assert.equal(code, 0, output);
    return output;
  };
  const setting = (key: string, value: string): Promise<string> => succeed("config", "set", key, value, "--config-file", config);
  const preview = (...args: string[]) => pulumi("preview", "--config-file", config, "--policy-pack", pack, ...args);
  const up = (...args: string[]) =>
    pulumi("up", "--yes", "--skip-preview", "--config-file", config, "--policy-pack", pack, ...args);
  /** The violations that the engine prints, `[LEVEL] RULE NAME: MESSAGE`, in a steady order. Its own layout is not ours to test. */
  const violations = (output: string): string[] =>
    [...output.matchAll(/- \[(advisory|mandatory)\](?: \[severity: \w+\])?\s+([\w-]+)\s+\([^)]*: ([\w-]+)\)\n\s+(.*)/g)]
      .map(([, level, rule, name, message]) => `[${level ?? ""}] ${rule ?? ""} ${name ?? ""}: ${message ?? ""}`)
      .sort();

  before(async () => {
    cli = await resolvePulumi();
  });
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "platform-policies-"));
    config = join(folder, "config.yaml");
    world = new World(join(folder, "world.db"));
    const definitions = types.map((type): ResourceDefinition => ({
      type,
      replaceOn: [],
      create: () => ({ id: newId("thing"), outputs: {} }),
    }));
    const schemas = readSchemas(types);
    server = await serveProvider(new CloudEngine({ world } as Cloud, definitions, schemas), schemas);
    environment = pulumiEnvironment({
      context: { home: folder, stack: "test" },
      cli,
      daemon: { providerPorts: { aws: server.port } },
    });
    // The shell says where the program is, and that is where the pack looks for the project's settings.
    environment["PWD"] = program;
    mkdirSync(join(folder, "state"));
    await succeed("stack", "init", "test");
    rmSync(join(program, "Pulumi.test.yaml"), { force: true });
    await setting("aws:region", "eu-central-1");
    // The program is none that anyone would deploy; what else is wrong with it is not the subject here.
    const others = ["default-group-closed", "stateful-protected", "vpc-traffic-logged"].map((id) => `  ${id}: disabled\n`);
    writeFileSync(join(folder, "policies.yaml"), `rules:\n${others.join("")}`);
    environment["POLICIES_SETTINGS"] = join(folder, "policies.yaml");
  });
  afterEach(async () => {
    await server.close();
    world.close();
    rmSync(folder, { recursive: true });
    rmSync(join(program, "Pulumi.test.yaml"), { force: true });
  });

  it("stops an update before the resource is made, with what is wanted and how to mend it", async () => {
    await setting("foreign:rotate", "false");
    const { code, output } = await preview();
    assert.notEqual(code, 0);
    assert.deepEqual(violations(output), [
      "[advisory] key-deletion-slow data: unknown until `pulumi up`, which asks again: deletionWindowInDays",
      "[mandatory] key-rotates data: enableKeyRotation is false; it must be true.",
    ]);
    assert.match(output, /To mend: Set enableKeyRotation to true\.\n\s+More: docs\/policies\/key-rotates\.md/);
    const update = await up();
    assert.notEqual(update.code, 0);
    assert.deepEqual(
      world.all().map(({ type }) => type),
      ["aws:ec2/vpc:Vpc"],
    );
  });

  it("finds at the update what the preview could not know, before the resource is made", async () => {
    await setting("foreign:days", "7");
    const { code, output } = await preview();
    assert.equal(code, 0, output);
    assert.deepEqual(violations(output), [
      "[advisory] key-deletion-slow data: unknown until `pulumi up`, which asks again: deletionWindowInDays",
    ]);
    const update = await up();
    assert.notEqual(update.code, 0);
    assert.deepEqual(violations(update.output), [`[mandatory] key-deletion-slow data: ${slow}`]);
    assert.deepEqual(
      world.all().map(({ type }) => type),
      ["aws:ec2/vpc:Vpc"],
    );
  });

  it("lets through what keeps every rule, and finds in the state what came about without it", async () => {
    const sound = await up();
    assert.equal(sound.code, 0, sound.output);
    assert.deepEqual(violations(sound.output), []);
    assert.deepEqual(violations(await succeed("policy", "analyze", "--policy-pack", pack, "--stack", "test")), []);

    await setting("foreign:days", "7");
    await succeed("up", "--yes", "--skip-preview", "--config-file", config);
    const { code, output } = await pulumi("policy", "analyze", "--policy-pack", pack, "--stack", "test");
    assert.notEqual(code, 0);
    assert.deepEqual(violations(output), [`[mandatory] key-deletion-slow data: ${slow}`]);
  });

  it("takes levels from the engine's own configuration, and refuses rules that it does not have", async () => {
    await setting("foreign:rotate", "false");
    const file = join(folder, "engine.json");
    writeFileSync(file, JSON.stringify({ "key-rotates": "advisory", "key-deletion-slow": "disabled" }));
    const { code, output } = await preview("--policy-pack-config", file);
    assert.equal(code, 0, output);
    assert.deepEqual(violations(output), ["[advisory] key-rotates data: enableKeyRotation is false; it must be true."]);
    writeFileSync(file, JSON.stringify({ "key-rotate": "advisory" }));
    const refused = await preview("--policy-pack-config", file);
    assert.notEqual(refused.code, 0);
    assert.match(refused.output, /key-rotate; the nearest is "key-rotates"/);
  });

  it("refuses settings that cannot be used, with every fault", async () => {
    writeFileSync(join(folder, "policies.yaml"), "presets: scald\nrules:\n  key-rotate: advisory\n");
    const { code, output } = await preview();
    assert.notEqual(code, 0);
    assert.match(output, /presets\[0\]: "scald" is given; allowed: .*; the nearest is "scaled"/);
    assert.match(output, /rules\.key-rotate is not known; the nearest is "key-rotates"/);
  });
});

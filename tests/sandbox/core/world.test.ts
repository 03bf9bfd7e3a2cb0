import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, statSync, truncateSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Resource } from "../../../sandbox/src/core/definition.ts";
import { World, WorldDamaged } from "../../../sandbox/src/core/world.ts";

const vpc: Resource = {
  type: "aws:ec2/vpc:Vpc",
  id: "vpc-1",
  urn: "urn:pulumi:sandbox::platform::aws:ec2/vpc:Vpc::main",
  region: "eu-central-1",
  inputs: { cidrBlock: "10.0.0.0/16" },
  outputs: { cidrBlock: "10.0.0.0/16", id: "vpc-1" },
  phase: "ready",
  claimed: false,
};

describe("the world", () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "platform-world-"));
    file = join(folder, "world.db");
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it("remembers resources and items after it is closed and opened", () => {
    const first = new World(file);
    first.put(vpc);
    first.space("ports").set("db", 40_001);
    first.close();
    const second = new World(file);
    assert.deepEqual({ ...second.get("aws:ec2/vpc:Vpc", "vpc-1", "eu-central-1"), seq: undefined }, { ...vpc, seq: undefined });
    assert.equal(second.space("ports").get("db"), 40_001);
    second.close();
  });

  it("keeps what was written when its process is killed with SIGKILL right after", () => {
    const program = `
      import { World } from ${JSON.stringify(join(import.meta.dirname, "../../../sandbox/src/core/world.ts"))};
      new World(${JSON.stringify(file)}).put(${JSON.stringify(vpc)});
      process.kill(process.pid, "SIGKILL");`;
    const flags = ["--disable-warning=ExperimentalWarning", "--input-type=module", "-e", program];
    assert.throws(() => execFileSync(process.execPath, flags, { stdio: "ignore" }), { signal: "SIGKILL" });
    const world = new World(file);
    assert.equal(world.all().length, 1);
    world.close();
  });

  it("undoes the whole of a change that throws, also in memory", () => {
    const world = new World(file);
    const change = (): void => {
      world.put(vpc);
      throw new Error("half-way");
    };
    assert.throws(() => {
      world.change(change);
    }, /half-way/);
    assert.deepEqual(world.all(), []);
    world.close();
  });

  it("is held by one process alone, and free again when that one is gone", () => {
    const world = new World(file);
    assert.throws(() => new World(file), { name: "WorldInUse", message: `another sandbox daemon works on ${file}` });
    world.close();
    new World(file).close();
  });

  it("keeps its files, in which secrets stand in plain, for their owner alone", () => {
    const world = new World(file);
    world.put(vpc);
    const modes = readdirSync(folder).map((name) => [name, (statSync(join(folder, name)).mode & 0o777).toString(8)]);
    assert.deepEqual(modes, [
      ["world.db", "600"],
      ["world.db-wal", "600"],
    ]);
    world.close();
  });

  for (const [how, part] of [
    ["cut in half", 0.5],
    ["emptied", 0],
  ] as const) {
    it(`names the damaged file and the way back when it was ${how}`, () => {
      const world = new World(file);
      for (let index = 0; index < 200; index++) world.put({ ...vpc, id: `vpc-${index}` });
      world.close();
      truncateSync(file, Math.floor(statSync(file).size * part));
      assert.throws(
        () => new World(file),
        (error) =>
          error instanceof WorldDamaged && error.message.includes(file) && error.message.includes("npm run sandbox -- reset"),
      );
    });
  }
});

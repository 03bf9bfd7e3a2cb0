import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { ResourceDefinition } from "../../sandbox/src/core/definition.ts";
import { CloudEngine } from "../../sandbox/src/core/engine.ts";
import { readSchemas } from "../../sandbox/tools/generate-schema.ts";
import { root } from "../runner/groups.ts";
import { REGION, testCloud, type TestCloud } from "../sandbox/support/cloud.ts";

const TYPE = "aws:ssm/maintenanceWindow:MaintenanceWindow";
const URN = `urn:pulumi:dev::platform::${TYPE}::night`;

/** The file that the page shows, loaded as if it lay where the page says. */
async function shownDefinition(): Promise<ResourceDefinition> {
  const page = readFileSync(join(root, "docs/sandbox/adding-a-resource-type.md"), "utf8");
  const [, code] = /<!-- example: .+ -->\n\n```ts\n([\s\S]+?)\n```/.exec(page) ?? [];
  assert.ok(code, "the page shows no example");
  const services = join(root, "sandbox/src/services");
  const folder = mkdtempSync(join(tmpdir(), "platform-example-"));
  try {
    const absolute = code.replaceAll(/from "(\.\.?\/[^"]+)"/g, (_whole, path: string) => {
      return `from ${JSON.stringify(pathToFileURL(join(services, "ssm", path)).href)}`;
    });
    const file = join(folder, "maintenance-window.ts");
    writeFileSync(file, absolute);
    const module = (await import(pathToFileURL(file).href)) as { maintenanceWindow: ResourceDefinition };
    return module.maintenanceWindow;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe("the page on adding a resource type", () => {
  let cloud: TestCloud;
  let engine: CloudEngine;
  before(async function () {
    this.timeout(60_000);
    cloud = testCloud();
    engine = new CloudEngine(cloud, [await shownDefinition()], readSchemas([TYPE]));
  });
  after(() => cloud.end());

  const check = (inputs: Record<string, string | number>): string[] =>
    engine.check({ urn: URN, region: REGION, inputs, seed: "c2VlZA==" }, undefined).faults.map(({ reason }) => reason);

  it("shows one that is made with its id and its defaults", async () => {
    const inputs = { name: "night", schedule: "cron(0 2 ? * SUN *)", cutoff: 1, duration: 3 };
    assert.deepEqual(check(inputs), []);
    const made = await engine.create({ urn: URN, region: REGION, inputs: { ...inputs, enabled: true } });
    assert.match(made.id, /^mw-[0-9a-f]{17}$/);
    assert.equal(made.outputs["schedule"], "cron(0 2 ? * SUN *)");
  });

  it("shows one that refuses what the cloud refuses, all at once", () => {
    assert.deepEqual(check({ name: "no", schedule: "daily", cutoff: 24, duration: 0 }), [
      '"no" is not allowed: 3 to 128 letters, digits, hyphens, underscores and dots',
      "24 is out of range; allowed: 0 to 23",
      "0 is out of range; allowed: 1 to 24",
      '"daily" is not allowed: rate(...), cron(...) or at(...)',
    ]);
  });

  it("shows one whose inputs the provider's own declarations judge", () => {
    assert.deepEqual(check({ name: "night", schedule: "rate(1 day)", cutoff: 1, duration: 2, shedule: "x" }), [
      '"shedule" is not an input of this type; did you mean "schedule"?',
    ]);
    assert.deepEqual(check({ name: "night", schedule: "rate(1 day)", cutoff: 1 }), ['"duration" is required and was not given']);
  });
});

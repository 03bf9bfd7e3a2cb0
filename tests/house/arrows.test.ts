import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { root } from "../runner/groups.ts";

const folders = ["stacks", "ladder", "components", "policies", "apps", "sandbox", "tests", "bench"];

/** A small tree with our rules and our packages, and the files given. @returns the names of the rules it breaks. */
function broken(files: Readonly<Record<string, string>>): string[] {
  const place = mkdtempSync(join(tmpdir(), "arrows-"));
  try {
    for (const name of [".dependency-cruiser.js", "tsconfig.json", "package.json"]) cpSync(join(root, name), join(place, name));
    symlinkSync(join(root, "node_modules"), join(place, "node_modules"));
    for (const folder of folders) mkdirSync(join(place, folder));
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(place, path)), { recursive: true });
      writeFileSync(join(place, path), text);
    }
    const depcruise = join(root, "node_modules/.bin/depcruise");
    const { stdout } = spawnSync(depcruise, ["--config", ".dependency-cruiser.js", "--output-type", "json", ...folders], {
      cwd: place,
      encoding: "utf8",
    });
    const { summary } = JSON.parse(stdout) as { summary: { violations: { rule: { name: string } }[] } };
    return [...new Set(summary.violations.map((violation) => violation.rule.name))].sort();
  } finally {
    rmSync(place, { recursive: true });
  }
}

const component = "export const part = 1;\n";

/** The rule, and the files that break it and it alone. */
const planted: readonly (readonly [rule: string, files: Readonly<Record<string, string>>])[] = [
  ["stages-compose-only", { "stacks/a.ts": 'import "@pulumi/aws";\n' }],
  ["stages-reach-components-only", { "stacks/a.ts": 'import "../sandbox/b.ts";\n', "sandbox/b.ts": component }],
  ["ladder-knows-names-only", { "ladder/a.ts": 'import "../stacks/platform.ts";\n', "stacks/platform.ts": component }],
  ["components-look-down", { "components/a.ts": 'import "../stacks/b.ts";\n', "stacks/b.ts": component }],
  ["shared-is-a-leaf", { "components/shared/a.ts": 'import "../network/b.ts";\n', "components/network/b.ts": component }],
  ["policies-stand-alone", { "policies/a.ts": 'import "../components/b.ts";\n', "components/b.ts": component }],
  ["apps-know-no-infrastructure", { "apps/shop/a.ts": 'import "@pulumi/pulumi";\n' }],
  ["apps-do-not-know-each-other", { "apps/shop/a.ts": 'import "../cafe/b.ts";\n', "apps/cafe/b.ts": component }],
  [
    "modules-by-their-interface",
    {
      "apps/shop/src/modules/orders/a.ts": 'import "../catalog/store.ts";\n',
      "apps/shop/src/modules/catalog/store.ts": component,
    },
  ],
  ["sandbox-stands-alone", { "sandbox/a.ts": 'import "../components/b.ts";\n', "components/b.ts": component }],
  ["nothing-imports-tests", { "apps/shop/src/a.ts": 'import "../test/b.ts";\n', "apps/shop/test/b.ts": component }],
  ["no-circular", { "components/a.ts": 'import "./b.ts";\n', "components/b.ts": 'import "./a.ts";\n' }],
  ["everything-resolves", { "components/a.ts": 'import "./nowhere.ts";\n' }],
];

describe("the rules of what may import what", () => {
  for (const [rule, files] of planted) {
    it(`bite on a planted import: ${rule}`, () => {
      assert.deepEqual(broken(files), [rule]);
    }).timeout(30_000);
  }

  it("let through what the drawing allows", () => {
    const files = {
      "stacks/a.ts": 'import "@pulumi/pulumi";\nimport "../components/network/b.ts";\n',
      "components/network/b.ts": 'import "../shared/c.ts";\n',
      "components/shared/c.ts": 'import "@pulumi/pulumi";\n',
      "apps/shop/src/modules/orders/a.ts": 'import "../catalog/index.ts";\n',
      "apps/shop/src/modules/catalog/index.ts": component,
      "tests/a.ts": 'import "../sandbox/b.ts";\n',
      "sandbox/b.ts": component,
    };
    assert.deepEqual(broken(files), []);
  }).timeout(30_000);
});

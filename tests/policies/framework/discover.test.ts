import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { discoverRules } from "../../../policies/framework/discover.ts";

const RULE = join(import.meta.dirname, "../../../policies/framework/rule.ts");

function ruleNamed(id: string): string {
  return `import { rule } from ${JSON.stringify(RULE)};
export default rule({ id: "${id}", title: "t", severity: "low", description: "d.", remediation: "r.", controls: {}, resources: {} });`;
}

describe("the search for rules", () => {
  const folders: string[] = [];
  after(() => {
    for (const folder of folders) rmSync(folder, { recursive: true });
  });

  function tree(files: Readonly<Record<string, string>>): string {
    const folder = mkdtempSync(join(tmpdir(), "policies-rules-"));
    folders.push(folder);
    writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(join(folder, "rules", name, ".."), { recursive: true });
      writeFileSync(join(folder, "rules", name), text);
    }
    return join(folder, "rules");
  }

  it("finds them by their place, in the order of their ids, and passes over what is no code", async () => {
    const found = await discoverRules(
      tree({
        "storage/b-rule.ts": ruleNamed("b-rule"),
        "database/c-rule.js": ruleNamed("c-rule"),
        "database/a-rule.ts": ruleNamed("a-rule"),
        "database/a-rule.d.ts": "export {};",
        "database/README.md": "",
      }),
    );
    assert.deepEqual(
      found.map(({ concern, rule }) => `${concern}/${rule.id}`),
      ["database/a-rule", "storage/b-rule", "database/c-rule"],
    );
  });

  it("names every file that does not hold the rule which its name promises", async () => {
    const folder = tree({
      "storage/a-rule.ts": ruleNamed("another-rule"),
      "storage/b-rule.ts": "export const rule = 1;",
      "c-rule.ts": ruleNamed("c-rule"),
      "storage/d-rule.ts": ruleNamed("d-rule"),
      "database/d-rule.ts": ruleNamed("d-rule"),
    });
    await assert.rejects(discoverRules(folder), (error: Error) => {
      assert.deepEqual(error.message.split("\n").sort(), [
        "- c-rule.ts: rules stand in rules/<concern>/<id>.ts",
        '- storage/a-rule.ts: its rule has the id "another-rule"; the file\'s name and the id must agree',
        "- storage/b-rule.ts: it has no default export; write `export default rule({ ... })`",
        '- two rules have the id "d-rule"',
        "The rules cannot be loaded:",
      ]);
      return true;
    });
  });
});

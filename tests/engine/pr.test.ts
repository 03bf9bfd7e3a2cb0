import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { main } from "../../pr/src/main.ts";
import { root } from "../runner/groups.ts";

describe("npm run pr, on two revisions of a scratch clone", function () {
  this.timeout(600_000);
  let scratch: string;
  let clone: string;
  const git = (...args: string[]): string => execFileSync("git", args, { cwd: clone, encoding: "utf8" });

  before(() => {
    scratch = mkdtempSync(join(tmpdir(), "platform-pr-test-"));
    clone = join(scratch, "clone");
    execFileSync("git", ["clone", "--quiet", "--shared", root, clone]);
    for (const folder of ["", "ladder", "sandbox", "policies", "apps/shop"]) {
      const modules = join(folder, "node_modules");
      if (existsSync(join(root, modules))) symlinkSync(join(root, modules), join(clone, modules));
    }
    git("config", "user.email", "test@example.com");
    git("config", "user.name", "test");
  });
  after(() => {
    rmSync(scratch, { recursive: true, force: true });
  });

  it("says what a larger database changes: the resources, no lost data, the policies and the cost", async () => {
    appendFileSync(join(clone, "stacks/config/Pulumi.monolith.yaml"), '  platform:databaseMaxAcu: "16"\n');
    git("commit", "--quiet", "--all", "--message", "Let the database grow further");
    const output = join(scratch, "out");
    const code = await main(["--base", "HEAD~1", "--stack", "monolith", "--output", output], clone);
    const comment = readFileSync(join(output, "comment.md"), "utf8");
    assert.equal(code, 0, comment);
    assert.match(comment, /^~ {2}aws:rds\/cluster:Cluster {2}platform-db-cluster$/m);
    assert.doesNotMatch(comment, /^(\+|-|\+-) /m);
    assert.match(comment, /\*\*Data:\*\* nothing that holds data is replaced or deleted\./);
    assert.match(comment, /\*\*Policies:\*\* 0 mandatory rules violated, \d+ advice, \d+ unknown until the update\./);
    const [, idle, before, after] = /idle \d+ → \d+ \((\+\d+)\), fully grown (\d+) → (\d+) \(\+\d+\)/.exec(comment) ?? [];
    assert.equal(idle, "+0");
    assert.ok(Number(after) > Number(before), comment);
    const sarif = JSON.parse(readFileSync(join(output, "monolith.sarif"), "utf8")) as { version: string };
    assert.equal(sarif.version, "2.1.0");
    assert.deepEqual(git("worktree", "list").trim().split("\n").length, 1);
    assert.equal(git("status", "--short", "--untracked-files=all", "stacks"), "");
  });

  it("names the stacks that can be compared when it is asked for another", async () => {
    assert.equal(await main(["--base", "HEAD", "--stack", "monolit", "--output", join(scratch, "out")], clone), 2);
  });
});

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { NoPulumiCli } from "../../sandbox/src/toolchain/resolve.ts";
import { prepareCli } from "../runner/cli.ts";
import { chooseGroups, filesOf, groups } from "../runner/groups.ts";
import { runSuite, type SuiteLimits } from "../runner/suite.ts";
import { closingLine, sum } from "../runner/tally.ts";

const fixture = (name: string): string => fileURLToPath(new URL(`fixtures/${name}.ts`, import.meta.url));
const run = (names: readonly string[], limits: SuiteLimits = {}) => runSuite(names.map(fixture), { quiet: true, ...limits });

describe("the test runner", () => {
  it("counts what passed, failed and was skipped", async () => {
    const { passed, failed, skipped, skips, failures } = await run(["passes", "fails", "skips"]);
    assert.deepEqual({ passed, failed, skipped }, { passed: 3, failed: 1, skipped: 1 });
    assert.deepEqual(skips, ["has nothing to run on here"]);
    assert.deepEqual(failures, ["fails: on purpose"]);
  });

  it("counts a runner that was killed as a failure and keeps what it had reported", async () => {
    const { passed, failed, failures } = await run(["crashes"]);
    assert.deepEqual({ passed, failed }, { passed: 1, failed: 1 });
    assert.deepEqual(failures, ["the runner crashed before its end (SIGKILL)"]);
  });

  it("is not fooled by a test that ends the process with code 0", async () => {
    const { passed, failed, failures } = await run(["exits"]);
    assert.deepEqual({ passed, failed }, { passed: 1, failed: 1 });
    assert.match(failures[0] ?? "", /crashed before its end \(exit code 0\)/);
  });

  it("counts a file that cannot be loaded as a failure", async () => {
    assert.equal((await run(["passes", "cannot-load"])).failed, 1);
  });

  it("counts a group that ran no test as a failure", async () => {
    assert.deepEqual((await run(["empty"])).failures, ["the runner ran no test"]);
    assert.deepEqual((await run([])).failures, ["no test file was found"]);
  });

  it("stops a runner that a test keeps alive, and counts that as a failure", async () => {
    const { passed, failed, failures } = await run(["leaks"], { lingerSeconds: 0.2 });
    assert.deepEqual({ passed, failed }, { passed: 1, failed: 1 });
    assert.match(failures[0] ?? "", /a handle is open/);
  });

  it("counts tests without running them when they cannot run here", async () => {
    const { passed, failed, skipped, skips } = await run(["fails"], { countOnly: true });
    assert.deepEqual({ passed, failed, skipped }, { passed: 0, failed: 0, skipped: 2 });
    assert.deepEqual(skips, ["passes", "fails"]);
  });

  it("adds up several runners into one closing line", () => {
    const total = sum([
      { passed: 2, failed: 0, skipped: 0 },
      { passed: 3, failed: 1, skipped: 0 },
    ]);
    assert.equal(closingLine(total), "5 passed, 1 failed");
    assert.equal(closingLine({ ...total, skipped: 4 }), "5 passed, 1 failed, 4 skipped");
  });

  it("names the known groups when asked for an unknown one", () => {
    assert.throws(() => chooseGroups(["unti", "engine"]), /unknown test group: unti\. Known: unit, engine\./);
    assert.deepEqual(
      chooseGroups(["engine", "unit"]).map((group) => group.name),
      ["unit", "engine"],
    );
  });

  it("puts every test file into one group only", () => {
    const all = groups.flatMap(filesOf);
    assert.equal(new Set(all).size, all.length);
    assert.ok(all.includes(fileURLToPath(import.meta.url)));
  });

  it("skips engine tests only on a machine that offers no way to get the CLI", async () => {
    const nowhere = await prepareCli(() => Promise.reject(new NoPulumiCli("there is no Pulumi CLI", ["luck: none"])));
    assert.equal(nowhere.state, "missing");
    assert.match("reason" in nowhere ? nowhere.reason : "", /luck: none/);
    const faulty = await prepareCli(() => Promise.reject(new TypeError("x is not a function")));
    assert.deepEqual(faulty, { state: "broken", reason: "x is not a function" });
  });
});

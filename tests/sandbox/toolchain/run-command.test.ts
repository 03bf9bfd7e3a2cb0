import assert from "node:assert/strict";
import { capture, reasonOf } from "../../../sandbox/src/toolchain/run-command.ts";

const node = (script: string, options = {}): ReturnType<typeof capture> => capture(process.execPath, ["-e", script], options);

describe("running a command", () => {
  it("keeps what it prints and gives each line as it comes", async () => {
    const lines: string[] = [];
    const outcome = await node('console.log("one"); console.error("two"); process.exit(3)', {
      onLine: (line: string) => lines.push(line),
    });
    assert.deepEqual(outcome, { code: 3, stdout: "one", stderr: "two", timedOut: false });
    assert.deepEqual(lines.sort(), ["one", "two"]);
    assert.equal(reasonOf(outcome), "exit code 3: two");
  });

  it("ends a command, and what it started, at the time limit", async () => {
    const child =
      'require("node:child_process").spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "inherit" });';
    const outcome = await node(`${child} setInterval(() => {}, 1000)`, { seconds: 0.3 });
    assert.deepEqual([outcome.code, outcome.timedOut], [null, true]);
    assert.equal(reasonOf(outcome, 0.3), "not finished after 0.3 s");
  });

  it("throws when there is no such command", async () => {
    await assert.rejects(capture("/nowhere/command", []), { code: "ENOENT" });
  });
});

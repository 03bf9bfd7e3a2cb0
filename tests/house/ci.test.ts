import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { root } from "../runner/groups.ts";

/** What the stand-in for npm prints, and the code it ends with, for each of the three calls. */
interface Answers {
  readonly ci?: string;
  readonly check?: string;
  readonly test?: string;
}

/** Runs `.ci/run` in a folder of its own, called from another one and without input, with a stand-in for npm. */
function runCi({ ci = "exit 0", check = "echo '5 passed, 0 failed'", test = "echo '7 passed, 0 failed'" }: Answers): {
  last: string;
  code: number | null;
} {
  const place = mkdtempSync(join(tmpdir(), "ci-"));
  try {
    mkdirSync(join(place, "bin"));
    cpSync(join(root, ".ci"), join(place, "checkout/.ci"), { recursive: true });
    const npm = join(place, "bin/npm");
    writeFileSync(
      npm,
      `#!/bin/sh\n[ "$PWD" = "${place}/checkout" ] || exit 9\ncase "$*" in\nci*) ${ci};;\n"run check") ${check};;\ntest) ${test};;\n*) exit 9;;\nesac\n`,
    );
    chmodSync(npm, 0o755);
    const env = { ...process.env, PATH: [join(place, "bin"), process.env["PATH"]].join(delimiter) };
    const { stdout, status } = spawnSync(join(place, "checkout/.ci/run"), [], {
      cwd: tmpdir(),
      env,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    });
    return { last: stdout.trimEnd().split("\n").at(-1) ?? "", code: status };
  } finally {
    rmSync(place, { recursive: true });
  }
}

describe(".ci/run", () => {
  it("adds up the checks and the tests in its last line", () => {
    assert.deepEqual(runCi({}), { last: "12 passed, 0 failed", code: 0 });
    assert.deepEqual(runCi({ test: "echo '7 passed, 0 failed, 2 skipped'" }), {
      last: "12 passed, 0 failed, 2 skipped",
      code: 0,
    });
  });

  it("runs the tests also when a check fails, and ends with an error", () => {
    assert.deepEqual(runCi({ check: "echo '4 passed, 1 failed'; exit 1" }), { last: "11 passed, 1 failed", code: 1 });
  });

  it("counts a step without a closing line as a failure", () => {
    assert.deepEqual(runCi({ test: "echo killed" }), { last: "5 passed, 1 failed", code: 1 });
  });

  it("counts a step that reports no failure and ends with an error as a failure", () => {
    assert.deepEqual(runCi({ test: "echo '7 passed, 0 failed'; exit 3" }), { last: "12 passed, 1 failed", code: 1 });
  });

  it("stops at an install that fails", () => {
    assert.deepEqual(runCi({ ci: "exit 1" }), { last: "0 passed, 1 failed", code: 1 });
  });
});

import assert from "node:assert/strict";
import { chmodSync } from "node:fs";
import { SandboxCli } from "../../../sandbox/src/commands/cli.ts";
import { Scratch } from "./support.ts";

describe("the Pulumi CLI as the commands run it", () => {
  let scratch: Scratch;
  beforeEach(() => (scratch = new Scratch()));
  afterEach(() => scratch.clear());

  /** A CLI that is this shell script. */
  function cli(script: string): SandboxCli {
    const path = scratch.write("pulumi", `#!/bin/sh\n${script}\n`);
    chmodSync(path, 0o755);
    return new SandboxCli({ path, pathPrefix: [] }, scratch.context);
  }

  it("works in the checkout, on the sandbox's own state, and asks nothing", async () => {
    const { code, stdout } = await cli('echo "$PWD $PULUMI_BACKEND_URL $*"').capture(["preview", "--json"]);
    assert.deepEqual([code, stdout], [0, `${scratch.root} file://${scratch.home}/state preview --json --non-interactive`]);
  });

  it("gives what it printed, where it must succeed", async () => {
    assert.equal(await cli("echo done").must(["stack", "ls"]), "done");
  });

  it("is quoted where it must succeed and has not", async () => {
    await assert.rejects(cli("echo half done; echo 'error: no such stack' >&2; exit 255").must(["stack", "rm"]), {
      name: "UserError",
      message: "`pulumi stack rm` failed.\n  error: no such stack\n  half done",
    });
    await assert.rejects(cli("exit 4").must(["up"]), { message: "`pulumi up` failed.\n  exit code 4" });
  });

  it("hands its exit code on, and 130 where it was interrupted", async () => {
    assert.equal(await cli("exit 0").live(["up"]), 0);
    assert.equal(await cli("exit 7").live(["up"]), 7);
    assert.equal(await cli("kill -INT $$").live(["up"]), 130);
    assert.equal(await cli("kill -KILL $$").live(["up"]), 1);
  });

  it("leaves no listener behind", async () => {
    const before = process.listenerCount("SIGINT");
    await cli("exit 0").live(["up"]);
    assert.equal(process.listenerCount("SIGINT"), before);
  });
});

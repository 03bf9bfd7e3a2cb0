import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { sandboxContext, stackConfigFile, stateFile } from "../../../sandbox/src/commands/context.ts";
import { Scratch } from "./support.ts";

describe("where a sandbox keeps its things", () => {
  let scratch: Scratch;
  beforeEach(() => (scratch = new Scratch()));
  afterEach(() => scratch.clear());

  const contextWith = (env: NodeJS.ProcessEnv) => sandboxContext(env, scratch.root);

  it("is .sandbox in the checkout, unless it is told otherwise", () => {
    const { root } = scratch;
    assert.deepEqual(contextWith({}), {
      root,
      home: join(root, ".sandbox"),
      stack: "sandbox",
      project: "platform",
      configDirectory: join(root, "stacks/config"),
    });
    assert.deepEqual(contextWith({ SANDBOX_HOME: "", SANDBOX_STACK: "" }), contextWith({}));
    const other = contextWith({ SANDBOX_HOME: scratch.home, SANDBOX_STACK: "sandbox-pr-12" });
    assert.deepEqual([other.home, other.stack], [scratch.home, "sandbox-pr-12"]);
    assert.equal(stackConfigFile(other), join(root, "stacks/config/Pulumi.sandbox-pr-12.yaml"));
    assert.equal(stateFile(other), join(scratch.home, "state/.pulumi/stacks/platform/sandbox-pr-12.json"));
  });

  for (const stack of ["prod", "sandbox_", "sandboxes", "sandbox-", "sandbox-Prod", "sandbox-a/../prod"]) {
    it(`is never that of a stack called ${stack}`, () => {
      assert.throws(() => contextWith({ SANDBOX_STACK: stack }), {
        name: "UserError",
        message: [
          "SANDBOX_STACK is not a name for a sandbox.",
          `  given: ${stack}`,
          "  allowed: sandbox, or sandbox-<lower-case letters, digits and hyphens>",
        ].join("\n"),
      });
    });
  }

  describe("is never", () => {
    const refused = (home: string, why: string): void => {
      assert.throws(() => contextWith({ SANDBOX_HOME: home }), {
        name: "UserError",
        message: [
          "SANDBOX_HOME must be a folder of its own: it is deleted by `reset` and `destroy`.",
          `  given: ${home} (${why})`,
          `  allowed: a folder that holds nothing else, such as ${join(scratch.root, ".sandbox")}`,
        ].join("\n"),
      });
    };

    it("the checkout, one's home, or what they lie in", () => {
      for (const home of [scratch.root, dirname(scratch.root), homedir(), dirname(homedir()), "/"])
        refused(home, "it holds this checkout, your home or everything");
    });

    it("a folder with something of others in it", () => {
      scratch.write("checkout/docs/README.md", "# Documents\n");
      refused(join(scratch.root, "docs"), "it holds README.md, which no sandbox made");
      for (const name of ["a", "b", "c", "d"]) scratch.write(`photos/${name}.jpg`, "");
      refused(join(dirname(scratch.root), "photos"), "it holds a.jpg, b.jpg, c.jpg, ..., which no sandbox made");
    });

    it("a file", () => {
      refused(scratch.write("notes.txt", ""), "it is a file");
    });
  });

  describe("may be", () => {
    it("a folder that is empty, or that a start was cut off in", () => {
      mkdirSync(scratch.home);
      assert.equal(contextWith({ SANDBOX_HOME: scratch.home }).home, scratch.home);
      for (const first of ["logs", "state", "pulumi"]) mkdirSync(join(scratch.home, first));
      assert.equal(contextWith({ SANDBOX_HOME: scratch.home }).home, scratch.home);
    });

    for (const sign of ["world.db", "daemon.json", "logs/daemon.log", "state/.pulumi/meta.yaml", "pulumi/credentials.json"]) {
      it(`a sandbox's, known by ${sign}`, () => {
        scratch.write(`home/${sign}`, "");
        scratch.write("home/servers/i-1/file", "");
        assert.equal(contextWith({ SANDBOX_HOME: scratch.home }).home, scratch.home);
      });
    }
  });

  it("is not told without the project that it is for", () => {
    const empty = join(scratch.root, "empty");
    assert.throws(() => sandboxContext({}, empty), {
      message: `This checkout has no Pulumi.yaml.\n  looked for: ${join(empty, "Pulumi.yaml")}`,
    });
  });
});

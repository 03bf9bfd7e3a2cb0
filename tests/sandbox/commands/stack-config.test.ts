import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { stackConfigFile } from "../../../sandbox/src/commands/context.ts";
import { checkStage, makeStackConfig, removeStackConfig, stagesOf } from "../../../sandbox/src/commands/stack-config.ts";
import { Scratch } from "./support.ts";

const EXAMPLE = `# The smallest stage.
encryptionsalt: v1:salt-of-the-example
config:
  aws:region: eu-central-1
  platform:stage: monolith # where it begins
  platform:secret:
    secure: v1:cannot-be-read-without-the-key
`;

describe("the configuration of a sandbox's stack", () => {
  let scratch: Scratch;
  beforeEach(() => (scratch = new Scratch()));
  afterEach(() => scratch.clear());

  const example = (stage: string, text: string): string => scratch.write(`checkout/stacks/config/Pulumi.${stage}.yaml`, text);
  const made = (): string => readFileSync(stackConfigFile(scratch.context), "utf8");

  it("is made from the example of the first stage, with its comments and without what only its own key opens", async () => {
    example("monolith", EXAMPLE);
    assert.equal(await makeStackConfig(scratch.context), true);
    assert.deepEqual(parse(made()), { config: { "aws:region": "eu-central-1", "platform:stage": "monolith" } });
    assert.match(made(), /# The smallest stage\./);
    assert.match(made(), /# where it begins/);
    assert.deepEqual(readdirSync(scratch.context.configDirectory).sort(), ["Pulumi.monolith.yaml", "Pulumi.sandbox.yaml"]);
  });

  it("is made once: what somebody changed in it stays", async () => {
    example("monolith", EXAMPLE);
    const own = example("sandbox", "config:\n  platform:stage: scaled\n");
    assert.equal(await makeStackConfig(scratch.context), false);
    assert.equal(readFileSync(own, "utf8"), "config:\n  platform:stage: scaled\n");
  });

  it("has the salt of a state that outlived it, so that the state's secrets stay readable", async () => {
    example("monolith", EXAMPLE);
    await makeStackConfig(scratch.context, "v1:salt-of-the-state");
    assert.equal((parse(made()) as { encryptionsalt: string }).encryptionsalt, "v1:salt-of-the-state");
  });

  it("cannot be made without the example", async () => {
    await assert.rejects(makeStackConfig(scratch.context), {
      name: "UserError",
      message: `The example configuration is missing.\n  file: ${join(scratch.context.configDirectory, "Pulumi.monolith.yaml")}`,
    });
  });

  it("goes with the sandbox", async () => {
    example("monolith", EXAMPLE);
    await makeStackConfig(scratch.context);
    removeStackConfig(scratch.context);
    removeStackConfig(scratch.context);
    assert.equal(existsSync(stackConfigFile(scratch.context)), false);
  });

  describe("knows the stages", () => {
    it("that have an example, and not those of sandboxes", () => {
      example("monolith", EXAMPLE);
      example("scaled", "config:\n  platform:stage: scaled\n");
      example("scaled-large", "config:\n  platform:stage: scaled\n");
      example("empty", "");
      example("sandbox-mine", "config:\n  platform:stage: mine\n");
      assert.deepEqual(stagesOf(scratch.context.configDirectory), ["monolith", "scaled"]);
    });

    it("and names the nearest to one that there is not", () => {
      const stages = ["distributed", "monolith", "scaled"];
      checkStage("scaled", stages);
      const words = (given: string): string[] => {
        try {
          checkStage(given, stages);
        } catch (error) {
          return (error as Error).message.split("\n");
        }
        throw new Error(`${given} was accepted`);
      };
      assert.deepEqual(words("monolit"), [
        "There is no such stage.",
        "  given: monolit",
        "  allowed: distributed, monolith, scaled",
        '  Did you mean "monolith"?',
      ]);
      assert.deepEqual(words("kubernetes"), [
        "There is no such stage.",
        "  given: kubernetes",
        "  allowed: distributed, monolith, scaled",
      ]);
    });
  });
});

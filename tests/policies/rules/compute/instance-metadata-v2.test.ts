import assert from "node:assert/strict";
import { instanceMetadataV2 as rule } from "../../../../policies/rules/compute/instance-metadata-v2.ts";
import { ask, CLEAN, found, UNKNOWN, unknownAt } from "../../support.ts";

const SERVER = "aws:ec2/instance:Instance";
const TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate";

describe(rule.name, () => {
  for (const type of [SERVER, TEMPLATE])
    it(`wants session tokens on ${type}`, async () => {
      assert.deepEqual(await ask(rule, type, { metadataOptions: { httpTokens: "required" } }), CLEAN);
      assert.deepEqual(await ask(rule, type, { metadataOptions: { httpEndpoint: "disabled" } }), CLEAN);
      assert.deepEqual(
        await ask(rule, type, { metadataOptions: { httpTokens: "optional" } }),
        found('metadataOptions.httpTokens is "optional"; it must be "required".'),
      );
      assert.deepEqual(await ask(rule, type, {}), found('metadataOptions.httpTokens is nothing; it must be "required".'));
      assert.deepEqual(
        await ask(rule, type, { metadataOptions: {} }),
        found('metadataOptions.httpTokens is nothing; it must be "required".'),
      );
      assert.deepEqual(await ask(rule, type, { metadataOptions: UNKNOWN }), unknownAt("metadataOptions"));
      assert.deepEqual(
        await ask(rule, type, { metadataOptions: { httpTokens: UNKNOWN } }),
        unknownAt("metadataOptions.httpTokens"),
      );
    });

  it("leaves a server without options of its own to its launch template", async () => {
    assert.deepEqual(await ask(rule, SERVER, { launchTemplate: { id: "lt-1" } }), CLEAN);
    assert.deepEqual(
      await ask(rule, SERVER, { launchTemplate: { id: "lt-1" }, metadataOptions: { httpTokens: "optional" } }),
      found('metadataOptions.httpTokens is "optional"; it must be "required".'),
    );
  });
});

import assert from "node:assert/strict";
import { storageEncrypted as rule } from "../../../../policies/rules/storage/storage-encrypted.ts";
import { ask, CLEAN, found, UNKNOWN, unknownAt } from "../../support.ts";

const CLUSTER = "aws:rds/cluster:Cluster";
const DATABASE = "aws:rds/instance:Instance";
const VOLUME = "aws:ebs/volume:Volume";
const SERVER = "aws:ec2/instance:Instance";
const TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate";

describe(rule.name, () => {
  for (const [type, flag] of [
    [CLUSTER, "storageEncrypted"],
    [DATABASE, "storageEncrypted"],
    [VOLUME, "encrypted"],
  ] as const)
    it(`wants ${flag} on ${type}`, async () => {
      assert.deepEqual(await ask(rule, type, { [flag]: true }), CLEAN);
      assert.deepEqual(await ask(rule, type, { [flag]: false }), found(`${flag} is false; it must be true.`));
      assert.deepEqual(await ask(rule, type, {}), found(`${flag} is nothing; it must be true.`));
      assert.deepEqual(await ask(rule, type, { [flag]: UNKNOWN }), unknownAt(flag));
    });

  it("leaves a database replica to its source", async () => {
    assert.deepEqual(await ask(rule, DATABASE, { replicateSourceDb: "shop" }), CLEAN);
  });

  it("wants every disk of a server encrypted", async () => {
    assert.deepEqual(
      await ask(rule, SERVER, { rootBlockDevice: { encrypted: true }, ebsBlockDevices: [{ encrypted: true }] }),
      CLEAN,
    );
    assert.deepEqual(
      await ask(rule, SERVER, { ebsBlockDevices: [{ encrypted: true }, {}] }),
      found(
        "rootBlockDevice.encrypted is nothing; it must be true.",
        "ebsBlockDevices[1].encrypted is nothing; it must be true.",
      ),
    );
  });

  it("leaves the root disk of a server to its launch template, unless the server speaks of it", async () => {
    const launchTemplate = { id: "lt-1" };
    assert.deepEqual(await ask(rule, SERVER, { launchTemplate }), CLEAN);
    assert.deepEqual(
      await ask(rule, SERVER, { launchTemplate, rootBlockDevice: { encrypted: false } }),
      found("rootBlockDevice.encrypted is false; it must be true."),
    );
  });

  it("wants every disk of a launch template encrypted", async () => {
    assert.deepEqual(
      await ask(rule, TEMPLATE, {
        blockDeviceMappings: [{ ebs: { encrypted: "true" } }, { noDevice: "" }, { virtualName: "ephemeral0" }],
      }),
      CLEAN,
    );
    assert.deepEqual(
      await ask(rule, TEMPLATE, { blockDeviceMappings: [{ ebs: { encrypted: "false" } }, { deviceName: "/dev/sdb" }] }),
      found(
        'blockDeviceMappings[0].ebs.encrypted is "false"; it must be true.',
        "blockDeviceMappings[1].ebs.encrypted is nothing; it must be true.",
      ),
    );
    assert.deepEqual(
      await ask(rule, TEMPLATE, {}),
      found(
        "blockDeviceMappings is nothing, so the root disk is as the image has it; it must map that disk with ebs.encrypted true.",
      ),
    );
  });

  it("reports a known fault beside an unknown disk", async () => {
    assert.deepEqual(
      await ask(rule, SERVER, { rootBlockDevice: UNKNOWN, ebsBlockDevices: [{ encrypted: false }] }),
      unknownAt("rootBlockDevice", "ebsBlockDevices[0].encrypted is false; it must be true."),
    );
    assert.deepEqual(
      await ask(rule, TEMPLATE, { blockDeviceMappings: [{ ebs: { encrypted: UNKNOWN } }] }),
      unknownAt("blockDeviceMappings.0.ebs.encrypted"),
    );
  });
});

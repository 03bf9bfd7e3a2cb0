import assert from "node:assert/strict";
import { type Props, text } from "../../../../sandbox/src/core/values.ts";
import { lifetimeOf, lockedRetention, retentionFault } from "../../../../sandbox/src/services/backup/retention.ts";
import { putRecoveryPoint } from "../../../../sandbox/src/services/backup/vault-support.ts";
import { refused } from "../../support/refused.ts";
import { REGION } from "../../support/cloud.ts";
import { BackupFixture, type } from "./support.ts";

const DAY = 86_400_000;

describe("backup vaults of the sandbox", () => {
  let backup: BackupFixture;
  beforeEach(() => (backup = new BackupFixture()));
  afterEach(() => backup.cloud.end());

  it("have a name that is the region's only one", async () => {
    const { outputs } = await backup.vault();
    assert.equal(outputs["arn"], "arn:aws:backup:eu-central-1:123456789012:backup-vault:safe");
    await refused(backup.vault(), "AlreadyExistsException", "Backup vault with the same name already exists: safe");
    assert.match(backup.stack.faults(type.vault, "v", { name: "a b" }).join(), /2 to 50 letters/);
  });

  it("tell a topic that exists what happens in them, of what there is to tell", async () => {
    await backup.vault();
    const snsTopicArn = "arn:aws:sns:eu-central-1:123456789012:backups";
    const asked = { backupVaultName: "safe", snsTopicArn, backupVaultEvents: ["BACKUP_JOB_FAILED"] };
    const words = `The SNS topic ${snsTopicArn} does not exist`;
    await refused(backup.make(type.notifications, asked), "InvalidParameterValueException", words);
    backup.plant("aws:sns/topic:Topic", snsTopicArn, { arn: snsTopicArn });
    const { id, outputs } = await backup.make(type.notifications, asked);
    assert.deepEqual([id, outputs["backupVaultArn"]], ["safe", "arn:aws:backup:eu-central-1:123456789012:backup-vault:safe"]);
    assert.match(
      backup.stack.faults(type.notifications, "n", { ...asked, backupVaultEvents: ["BACKUP_FAILED"] }).join(),
      /^backupVaultEvents\[\]: "BACKUP_FAILED" is not one of the allowed values: BACKUP_JOB_STARTED, /,
    );
  });

  it("have a policy that parses and names real actions", async () => {
    const policy = (Action: string): Props => ({
      backupVaultName: "safe",
      policy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [{ Effect: "Deny", Principal: "*", Action, Resource: "*" }],
      }),
    });
    await refused(
      backup.make(type.policy, policy("backup:DeleteRecoveryPoint")),
      "ResourceNotFoundException",
      "Backup vault safe not found",
    );
    await backup.vault();
    await backup.make(type.policy, policy("backup:DeleteRecoveryPoint"));
    assert.match(
      backup.stack.faults(type.policy, "p", policy("backup:DeleteRecoveryPiont")).join(),
      /MalformedPolicyDocument: .*backup:DeleteRecoveryPiont/,
    );
  });

  it("stay while they hold recovery points, unless the program said to delete those too", async () => {
    const vault = await backup.vault();
    putRecoveryPoint(backup.cloud.world, text(vault.outputs, "arn"), "arn:aws:rds:point", {});
    const seen = await backup.stack.engine.read(type.vault, vault.id, REGION);
    assert.equal(seen?.outputs["recoveryPoints"], 1);
    const words = "Backup vault cannot be deleted because it contains recovery points.";
    await refused(backup.stack.delete(vault), "InvalidRequestException", words);
    const careless = await backup.stack.update(vault, "r1", { name: "safe", forceDestroy: true });
    await backup.stack.delete(careless);
    const again = await backup.vault();
    assert.equal(again.outputs["recoveryPoints"], 0);
  });

  describe("when locked", () => {
    const lock = (inputs: object) => backup.make(type.lock, { backupVaultName: "safe", ...inputs });

    for (const [inputs, reason] of [
      [{ changeableForDays: 2 }, /2 is out of range; allowed: 3 to 36500/],
      [{ minRetentionDays: 0 }, /allowed: 1 to 36500/],
      [{ maxRetentionDays: 36_501 }, /allowed: 1 to 36500/],
      [{ minRetentionDays: 8, maxRetentionDays: 7 }, /maxRetentionDays 7 is less than minRetentionDays 8/],
    ] as const) {
      it(`refuse ${JSON.stringify(inputs)}`, () => {
        assert.match(backup.stack.faults(type.lock, "l", { backupVaultName: "safe", ...inputs }).join(), reason);
      });
    }

    it("can be unlocked in governance mode at any time", async () => {
      await backup.vault();
      const made = await lock({ minRetentionDays: 7, maxRetentionDays: 7 });
      backup.cloud.pass(1000 * DAY);
      await backup.stack.delete(made);
    });

    it("can be unlocked in compliance mode until the last moment of grace, and never after", async () => {
      await backup.vault();
      const made = await lock({ changeableForDays: 3 });
      backup.cloud.pass(3 * DAY);
      await refused(backup.stack.delete(made), "InvalidRequestException", /immutable since 2026-03-04T12:00:00.000Z/);
      assert.ok(backup.cloud.world.get(type.lock, "safe"));
    });

    it("can be unlocked in compliance mode a moment earlier", async () => {
      await backup.vault();
      const made = await lock({ changeableForDays: 3 });
      backup.cloud.pass(3 * DAY - 1);
      await backup.stack.delete(made);
    });

    const kept = (days: number) => ({ lifecycle: { deleteAfter: days } });
    for (const [what, rule, fails] of [
      ["the shortest lifetime", kept(7), false],
      ["a day less than the shortest", kept(6), true],
      ["the longest lifetime", kept(35), false],
      ["a day more than the longest", kept(36), true],
      ["no end", {}, true],
    ] as const) {
      it(`take a plan whose backups live for ${what}, and ${fails ? "tell that its jobs will fail" : "say nothing"}`, async () => {
        await backup.vault();
        await lock({ minRetentionDays: 7, maxRetentionDays: 35 });
        const plan = await backup.plan(rule);
        assert.equal(backup.cloud.notes.length, fails ? 1 : 0, backup.cloud.notes.join());
        if (fails) assert.match(backup.cloud.notes.join(), /rule daily of backup plan daily will fail: .* allows 7 to 35 days/);
        const [first] = plan.inputs["rules"] as [Props];
        const fault = retentionFault(lifetimeOf(first), lockedRetention(backup.cloud, "safe", REGION));
        assert.equal(fault !== undefined, fails);
      });
    }

    it("tell of a plan that stood before the lock", async () => {
      await backup.vault();
      await backup.plan(kept(5));
      await lock({ minRetentionDays: 7 });
      assert.match(backup.cloud.notes.join(), /backups are kept for 5 days; the vault's lock allows 7 or more days/);
    });
  });
});

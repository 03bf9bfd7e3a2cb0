import assert from "node:assert/strict";
import type { Props } from "../../../../sandbox/src/core/values.ts";
import { text } from "../../../../sandbox/src/core/values.ts";
import { refused } from "../../support/refused.ts";
import { BackupFixture, type } from "./support.ts";

describe("backup plans of the sandbox", () => {
  let backup: BackupFixture;
  beforeEach(() => (backup = new BackupFixture()));
  afterEach(() => backup.cloud.end());

  it("need the vaults that their rules name", async () => {
    await refused(backup.plan(), "ResourceNotFoundException", "Backup vault safe not found");
    await backup.vault();
    const plan = await backup.plan();
    assert.equal(plan.outputs["arn"], `arn:aws:backup:eu-central-1:123456789012:backup-plan:${plan.id}`);
  });

  it("get another version with every change", async () => {
    await backup.vault();
    const plan = await backup.plan();
    const changed = await backup.stack.update(plan, "r2", {
      name: "daily",
      rules: [{ ruleName: "nightly", targetVaultName: "safe" }],
    });
    assert.equal(changed.id, plan.id);
    assert.notEqual(changed.outputs["version"], plan.outputs["version"]);
  });

  it("have rules with different names", async () => {
    await backup.vault();
    const rules = [1, 2].map(() => ({ ruleName: "daily", targetVaultName: "safe" }));
    const make = backup.make(type.plan, { name: "twice", rules });
    await refused(make, "InvalidParameterValueException", 'Duplicate rule name: "daily"');
  });

  for (const [rule, reason] of [
    [{ schedule: "cron(0 4 * * *)" }, /5 fields/],
    [{ startWindow: 59 }, /startWindow is 59 minutes; allowed: 60 or more/],
    [
      { startWindow: 60, completionWindow: 119 },
      /completionWindow is 119 minutes; it must be at least 60 more than startWindow \(60\)/,
    ],
    [{ lifecycle: { deleteAfter: 0 } }, /deleteAfter is 0; allowed: 1 day or more/],
    [{ lifecycle: { coldStorageAfter: 30, deleteAfter: 119 } }, /at least 90 days after coldStorageAfter \(30\), so 120 or more/],
    [{ enableContinuousBackup: true, lifecycle: { deleteAfter: 36 } }, /from 1 to 35 days \(given: 36\)/],
    [{ enableContinuousBackup: true }, /given: none/],
    [{ copyActions: [{ destinationVaultArn: "arn:aws:s3:::a" }] }, /expected an ARN such as arn:aws:backup/],
  ] as readonly [Props, RegExp][]) {
    it(`refuse a rule with ${JSON.stringify(rule)} before anything is made`, () => {
      const rules = [{ ruleName: "daily", targetVaultName: "safe", ...rule }];
      assert.match(backup.stack.faults(type.plan, "p", { name: "daily", rules }).join("\n"), reason);
    });
  }

  it("take the shortest windows and lifetimes that AWS allows", () => {
    const rules = [
      { ruleName: "a", targetVaultName: "safe", startWindow: 60, completionWindow: 120 },
      { ruleName: "b", targetVaultName: "safe", lifecycle: { coldStorageAfter: 30, deleteAfter: 120 } },
      { ruleName: "c", targetVaultName: "safe", enableContinuousBackup: true, lifecycle: { deleteAfter: 35 } },
    ];
    assert.deepEqual(backup.stack.faults(type.plan, "p", { name: "daily", rules }), []);
  });

  describe("select", () => {
    const select = async (inputs: object) => {
      await backup.vault();
      const { id: planId } = await backup.plan();
      return backup.make(type.selection, { name: "all", planId, iamRoleArn: backup.role, ...inputs });
    };
    const selectionTags = [{ type: "STRINGEQUALS", key: "backup", value: "daily" }];

    it("resources or tags, and the plan outlives its selections", async () => {
      const selection = await select({ selectionTags });
      const plan = backup.cloud.world.get(type.plan, text(selection.inputs, "planId"));
      assert.ok(plan);
      await refused(
        backup.stack.delete(plan),
        "InvalidRequestException",
        "Related backup plan selections must be deleted prior to backup plan deletion",
      );
      await backup.stack.delete(selection);
      await backup.stack.delete(plan);
    });

    it("something", async () => {
      await refused(select({}), "InvalidParameterValueException", /needs resources or selectionTags/);
    });

    it("with a role that exists and that AWS Backup may take", async () => {
      const missing = "arn:aws:iam::123456789012:role/nobody";
      const words = (role: string): string => `IAM Role ${role} cannot be assumed by AWS Backup`;
      await refused(select({ selectionTags, iamRoleArn: missing }), "InvalidParameterValueException", words(missing));
    });

    it("with a role that trusts AWS Backup", async () => {
      const other = backup.makeRole("server", "ec2.amazonaws.com");
      await refused(select({ selectionTags, iamRoleArn: other }), "InvalidParameterValueException", /cannot be assumed/);
    });
  });
});

import assert from "node:assert/strict";
import type { Resource } from "../../../../sandbox/src/core/definition.ts";
import { refused } from "../../support/refused.ts";
import { BackupFixture, type } from "./support.ts";

describe("restore tests of the sandbox", () => {
  let backup: BackupFixture;
  let vault: Resource;
  beforeEach(async () => {
    backup = new BackupFixture();
    vault = await backup.vault();
  });
  afterEach(() => backup.cloud.end());

  const weekly = (points: object = {}, more: object = {}) => ({
    name: "weekly",
    scheduleExpression: "cron(0 6 ? * SUN *)",
    recoveryPointSelection: {
      algorithm: "LATEST_WITHIN_WINDOW",
      includeVaults: [vault.outputs["arn"] as string],
      recoveryPointTypes: ["SNAPSHOT"],
      ...points,
    },
    ...more,
  });

  it("fill in the window and time zone that the service would", async () => {
    const { outputs } = await backup.make(type.testingPlan, weekly());
    assert.deepEqual([outputs["startWindowHours"], outputs["scheduleExpressionTimezone"]], [24, "Etc/UTC"]);
    await refused(
      backup.make(type.testingPlan, weekly()),
      "AlreadyExistsException",
      "Restore testing plan weekly already exists",
    );
  });

  for (const [points, more, reason] of [
    [{}, { name: "shop-weekly" }, /letters, digits and underscores/],
    [{}, { scheduleExpression: "daily" }, /is not a schedule/],
    [{}, { startWindowHours: 169 }, /allowed: 1 to 168/],
    [{ selectionWindowDays: 366 }, {}, /allowed: 1 to 365/],
    [{ algorithm: "LATEST" }, {}, /LATEST_WITHIN_WINDOW, RANDOM_WITHIN_WINDOW/],
    [{ recoveryPointTypes: ["snapshot"] }, {}, /CONTINUOUS, SNAPSHOT/],
  ] as const) {
    it(`refuse ${JSON.stringify({ ...points, ...more })}`, () => {
      assert.match(backup.stack.faults(type.testingPlan, "p", weekly(points, more)).join(), reason);
    });
  }

  it("draw from vaults that exist, or from all", async () => {
    const gone = "arn:aws:backup:eu-central-1:123456789012:backup-vault:gone";
    await refused(
      backup.make(type.testingPlan, weekly({ includeVaults: [gone] })),
      "InvalidParameterValueException",
      `Backup vault ${gone} not found`,
    );
    await backup.make(type.testingPlan, weekly({ includeVaults: ["*"] }));
  });

  it("choose by ARN or by condition, with a role for AWS Backup, and end before their plan", async () => {
    const plan = await backup.make(type.testingPlan, weekly());
    const inputs = {
      name: "database",
      restoreTestingPlanName: plan.id,
      protectedResourceType: "Aurora",
      protectedResourceArns: ["*"],
      iamRoleArn: backup.role,
      validationWindowHours: 1,
    };
    const faults = (more: object): string => backup.stack.faults(type.testingSelection, "s", { ...inputs, ...more }).join();
    assert.match(
      faults({ protectedResourceConditions: {} }),
      /exactly one of protectedResourceArns, protectedResourceConditions/,
    );
    assert.match(faults({ protectedResourceType: "Postgres" }), /not one of the allowed values: Aurora/);
    assert.match(faults({ validationWindowHours: 0 }), /allowed: 1 to 168/);
    const role = backup.makeRole("server", "ec2.amazonaws.com");
    await refused(backup.make(type.testingSelection, { ...inputs, iamRoleArn: role }), "InvalidParameterValueException");
    const selection = await backup.make(type.testingSelection, inputs);
    assert.equal(selection.id, "database:weekly");
    await refused(backup.stack.delete(plan), "InvalidRequestException", /must be deleted prior to restore testing plan deletion/);
    await backup.stack.delete(selection);
    await backup.stack.delete(plan);
  });
});

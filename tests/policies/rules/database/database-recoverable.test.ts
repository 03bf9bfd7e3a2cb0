import assert from "node:assert/strict";
import { databaseRecoverable as rule } from "../../../../policies/rules/database/database-recoverable.ts";
import { ask, CLEAN, found, UNKNOWN, unknownAt } from "../../support.ts";

const CLUSTER = "aws:rds/cluster:Cluster";
const INSTANCE = "aws:rds/instance:Instance";

describe(rule.name, () => {
  for (const type of [CLUSTER, INSTANCE])
    for (const [days, shown] of [
      [undefined, "nothing"],
      [0, "0"],
      [6, "6"],
    ] as const)
      it(`finds ${shown} days of backups too few on ${type}`, async () => {
        const inputs = days === undefined ? {} : { backupRetentionPeriod: days };
        assert.deepEqual(await ask(rule, type, inputs), found(`backupRetentionPeriod is ${shown}; it must be at least 7 days.`));
      });

  it("is content with seven days and more", async () => {
    assert.deepEqual(await ask(rule, CLUSTER, { backupRetentionPeriod: 7 }), CLEAN);
    assert.deepEqual(await ask(rule, INSTANCE, { backupRetentionPeriod: 35 }), CLEAN);
  });

  it("leaves a replica's backups to its source", async () => {
    assert.deepEqual(await ask(rule, INSTANCE, { replicateSourceDb: "shop" }), CLEAN);
  });

  it("takes another number of days from its configuration", async () => {
    assert.deepEqual(await ask(rule, CLUSTER, { backupRetentionPeriod: 3 }, { config: { leastDays: 3 } }), CLEAN);
    assert.deepEqual(
      await ask(rule, CLUSTER, { backupRetentionPeriod: 7 }, { config: { leastDays: 14 } }),
      found("backupRetentionPeriod is 7; it must be at least 14 days."),
    );
  });

  it("says that it cannot know when the number is not known", async () => {
    assert.deepEqual(await ask(rule, CLUSTER, { backupRetentionPeriod: UNKNOWN }), unknownAt("backupRetentionPeriod"));
  });
});

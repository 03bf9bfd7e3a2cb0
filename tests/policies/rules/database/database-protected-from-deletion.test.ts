import assert from "node:assert/strict";
import { databaseProtectedFromDeletion as rule } from "../../../../policies/rules/database/database-protected-from-deletion.ts";
import { ask, CLEAN, found, NOT_APPLICABLE, UNKNOWN, unknownAt } from "../../support.ts";

const CLUSTER = "aws:rds/cluster:Cluster";
const INSTANCE = "aws:rds/instance:Instance";
const protectedOne = { deletionProtection: true, skipFinalSnapshot: false, finalSnapshotIdentifier: "shop-last" };

describe(rule.name, () => {
  for (const type of [CLUSTER, INSTANCE]) {
    it(`is content with a protected ${type}`, async () => {
      assert.deepEqual(await ask(rule, type, protectedOne), CLEAN);
      assert.deepEqual(await ask(rule, type, { deletionProtection: true, finalSnapshotIdentifier: "shop-last" }), CLEAN);
    });

    it(`finds each thing that lets a ${type} and its data go`, async () => {
      assert.deepEqual(
        await ask(rule, type, { ...protectedOne, deletionProtection: false }),
        found("deletionProtection is false; it must be true."),
      );
      assert.deepEqual(
        await ask(rule, type, { ...protectedOne, skipFinalSnapshot: true }),
        found("skipFinalSnapshot is true; it must be false."),
      );
      assert.deepEqual(
        await ask(rule, type, {}),
        found(
          "deletionProtection is nothing; it must be true.",
          "finalSnapshotIdentifier is nothing; it must name the snapshot that a deletion leaves.",
        ),
      );
    });
  }

  it("asks a replica for no final snapshot", async () => {
    assert.deepEqual(
      await ask(rule, INSTANCE, { replicateSourceDb: "shop", deletionProtection: true, skipFinalSnapshot: true }),
      CLEAN,
    );
  });

  it("does not apply to a stack whose data may be lost", async () => {
    assert.deepEqual(await ask(rule, CLUSTER, {}, { stack: "sandbox" }), NOT_APPLICABLE);
    assert.deepEqual(await ask(rule, CLUSTER, {}, { stack: "dev", config: { throwawayStacks: ["dev"] } }), NOT_APPLICABLE);
    assert.equal((await ask(rule, CLUSTER, {}, { stack: "sandbox", config: { throwawayStacks: [] } })).faults.length, 2);
    assert.equal((await ask(rule, CLUSTER, {}, { stack: "sandbox-2" })).faults.length, 2);
  });

  it("takes a snapshot name that is not known yet for a name", async () => {
    assert.deepEqual(await ask(rule, CLUSTER, { ...protectedOne, finalSnapshotIdentifier: UNKNOWN }), CLEAN);
  });

  it("reports what it knows, and says what it cannot know", async () => {
    assert.deepEqual(
      await ask(rule, CLUSTER, { ...protectedOne, deletionProtection: UNKNOWN, skipFinalSnapshot: true }),
      unknownAt("deletionProtection", "skipFinalSnapshot is true; it must be false."),
    );
  });
});

import assert from "node:assert/strict";
import { databaseNotPublic as rule } from "../../../../policies/rules/database/database-not-public.ts";
import { ask, CLEAN, found, UNKNOWN, unknownAt } from "../../support.ts";

describe(rule.name, () => {
  for (const type of ["aws:rds/clusterInstance:ClusterInstance", "aws:rds/instance:Instance"]) {
    it(`finds a public address on ${type}`, async () => {
      assert.deepEqual(
        await ask(rule, type, { publiclyAccessible: true }),
        found("publiclyAccessible is true; it must be false."),
      );
      assert.deepEqual(await ask(rule, type, { publiclyAccessible: false }), CLEAN);
      assert.deepEqual(await ask(rule, type, {}), CLEAN);
      assert.deepEqual(await ask(rule, type, { publiclyAccessible: UNKNOWN }), unknownAt("publiclyAccessible"));
    });
  }
});

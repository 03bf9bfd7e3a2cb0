import assert from "node:assert/strict";
import type { Props } from "../../../../sandbox/src/core/values.ts";
import { refused } from "../../support/refused.ts";
import { RdsFixture, type } from "./support.ts";

describe("parameter groups of the sandbox's databases", function () {
  // The installed PostgreSQL is asked what it knows; the first time its empty database is made.
  this.timeout(30_000);
  let rds: RdsFixture;
  before(() => (rds = new RdsFixture()));
  after(() => rds.end());

  const group = (parameters: Props[], changes: Props = {}): Promise<unknown> =>
    rds.make(type.parameters, { family: "aurora-postgresql17", parameters, ...changes });

  for (const [token, part] of [
    [type.parameters, "pg"],
    [type.clusterParameters, "cluster-pg"],
  ] as const) {
    it(`are named in their ARN as ${part}, and have a name of their own in the region`, async () => {
      const inputs = {
        name: `shop-${part}`,
        family: "aurora-postgresql17",
        parameters: [{ name: "work_mem", value: "65536", applyMethod: "immediate" }],
      };
      const row = await rds.make(token, inputs);
      assert.deepEqual(row.outputs, {
        ...inputs,
        namePrefix: "",
        description: "Managed by Pulumi",
        arn: `arn:aws:rds:eu-central-1:123456789012:${part}:shop-${part}`,
      });
      await refused(rds.make(token, inputs), "DBParameterGroupAlreadyExists", `Parameter group shop-${part} already exists`);
    });
  }

  it("take PostgreSQL's own parameters, those of RDS, of Aurora, of extensions, and of older versions", async () => {
    await group(
      [
        { name: "log_min_duration_statement", value: "500" },
        { name: "LOG_LOCK_WAITS", value: "1" },
        { name: "shared_preload_libraries", value: "pg_stat_statements,pg_cron", applyMethod: "pending-reboot" },
        { name: "shared_buffers", value: "{DBInstanceClassMemory/32768}", applyMethod: "pending-reboot" },
        { name: "rds.force_ssl", value: "1" },
        { name: "rds.logical_replication", value: "1", applyMethod: "pending-reboot" },
        { name: "apg_plan_mgmt.capture_plan_baselines", value: "off" },
        { name: "auto_explain.log_min_duration", value: "250" },
        { name: "vacuum_defer_cleanup_age", value: "0" },
      ],
      { name: "all-kinds" },
    );
  });

  for (const [what, parameter, code, message] of [
    [
      "a name that is misspelt, with the nearest that exists",
      { name: "log_min_duration_statment", value: "500" },
      "InvalidParameterValue",
      "Could not find parameter with name: log_min_duration_statment (the nearest that exists is log_min_duration_statement)",
    ],
    [
      "a name of RDS that is misspelt",
      { name: "rds.force_tls", value: "1" },
      "InvalidParameterValue",
      "Could not find parameter with name: rds.force_tls (the nearest that exists is rds.force_ssl)",
    ],
    [
      "what is Amazon's to set",
      { name: "fsync", value: "0" },
      "InvalidParameterValue",
      "The parameter fsync cannot be modified.",
    ],
    [
      "a standby that there is none of",
      { name: "synchronous_standby_names", value: "*" },
      "InvalidParameterValue",
      "The parameter synchronous_standby_names cannot be modified.",
    ],
    [
      "a number out of range",
      { name: "work_mem", value: "63" },
      "InvalidParameterValue",
      "Invalid parameter value: 63 for: work_mem allowed values are: 64-2147483647",
    ],
    [
      "a word where a number belongs",
      { name: "work_mem", value: "much" },
      "InvalidParameterValue",
      "Invalid parameter value: much for: work_mem",
    ],
    [
      "a word that is none of those allowed",
      { name: "log_statement", value: "some" },
      "InvalidParameterValue",
      "Invalid parameter value: some for: log_statement allowed values are: none,ddl,mod,all",
    ],
    [
      "a switch that is neither on nor off",
      { name: "autovacuum", value: "often" },
      "InvalidParameterValue",
      "Invalid parameter value: often for: autovacuum allowed values are: 0,1",
    ],
    [
      "fewer connections than RDS itself needs",
      { name: "max_connections", value: "5", applyMethod: "pending-reboot" },
      "InvalidParameterValue",
      "Invalid parameter value: 5 for: max_connections allowed values are: 6-262143",
    ],
    [
      "no senders of its log, without which it could not be backed up",
      { name: "max_wal_senders", value: "0", applyMethod: "pending-reboot" },
      "InvalidParameterValue",
      "Invalid parameter value: 0 for: max_wal_senders allowed values are: 5-100",
    ],
    [
      "a static parameter to be applied at once",
      { name: "max_connections", value: "100", applyMethod: "immediate" },
      "InvalidParameterCombination",
      "cannot use immediate apply method for static parameter",
    ],
    [
      "a static parameter of RDS to be applied at once, as it is by default",
      { name: "rds.logical_replication", value: "1" },
      "InvalidParameterCombination",
      "cannot use immediate apply method for static parameter",
    ],
  ] as readonly [string, Props, string, string][]) {
    it(`refuse ${what}`, async () => {
      await refused(group([parameter]), code, message);
    });
  }

  it("are checked again with every change", async () => {
    const inputs = { name: "changing", family: "aurora-postgresql17", parameters: [] };
    const row = await rds.make(type.parameters, inputs);
    const change = (value: string): Promise<unknown> =>
      rds.stack.update(row, "r", { ...inputs, parameters: [{ name: "log_statement", value }] });
    await change("ddl");
    await refused(change("some"), "InvalidParameterValue", /allowed values are: none,ddl,mod,all$/);
    assert.deepEqual((await rds.now(row))["parameters"], [{ name: "log_statement", value: "ddl" }]);
  });

  for (const [inputs, reason] of [
    [{ name: "Shop" }, 'name: only lowercase alphanumeric characters, periods, and hyphens allowed in parameter group "name"'],
    [{ name: "1shop" }, 'name: first character of parameter group "name" must be a letter'],
    [{ name: "shop--1" }, 'name: parameter group "name" cannot contain two consecutive hyphens'],
    [{ name: "shop-" }, 'name: parameter group "name" cannot end with a hyphen'],
    [{ namePrefix: "a".repeat(230) }, 'namePrefix: parameter group "namePrefix" cannot be greater than 229 characters'],
    [
      { family: "postgres17" },
      'family: "postgres17" is not one of the allowed values: aurora-postgresql13, aurora-postgresql14, aurora-postgresql15, aurora-postgresql16, aurora-postgresql17, aurora-postgresql18',
    ],
    [
      { parameters: [{ name: "work_mem", value: "64", applyMethod: "later" }] },
      'parameters[].applyMethod: "later" is not one of the allowed values: immediate, pending-reboot',
    ],
  ] as readonly [Props, string][]) {
    it(`are refused before anything is made with ${JSON.stringify(inputs).slice(0, 60)}`, () => {
      assert.deepEqual(rds.faults(type.parameters, { family: "aurora-postgresql17", ...inputs }), [reason]);
    });
  }

  it("draw a name from a prefix, or from the program's", async () => {
    const drawn = await rds.make(type.clusterParameters, { namePrefix: "shop-", family: "aurora-postgresql17" });
    assert.match(drawn.id, /^shop-\d{17}0[0-9a-f]{8}$/);
    const named = await rds.make(type.clusterParameters, { family: "aurora-postgresql17" }, "Settings");
    assert.match(named.id, /^settings-[0-9a-f]{7}$/);
  });
});

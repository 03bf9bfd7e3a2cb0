import assert from "node:assert/strict";
import type { Resource } from "../../../../sandbox/src/core/definition.ts";
import type { Props } from "../../../../sandbox/src/core/values.ts";
import { REGION } from "../../support/cloud.ts";
import { refused } from "../../support/refused.ts";
import { CLUSTER, INSTANCE, RdsFixture, type } from "./support.ts";

/** What is wrong with an instance is told before its server is started: none is started here. */
describe("instances of the sandbox's clusters", function () {
  this.timeout(30_000);
  let rds: RdsFixture;
  before(async () => {
    rds = new RdsFixture();
    await rds.subnetGroup();
    await rds.make(type.cluster, CLUSTER);
  });
  after(() => rds.end());

  const instance = (changes: Props): Promise<Resource> => rds.make(type.instance, { ...INSTANCE, ...changes });

  for (const [changes, reason] of [
    [{ instanceClass: "large" }, "instanceClass: Invalid DB Instance class: large"],
    [{ promotionTier: 16 }, "promotionTier: 16 is out of range; allowed: 0 to 15"],
    [{ monitoringInterval: 2 }, "monitoringInterval: 2 is not one of the allowed values: 0, 1, 5, 10, 15, 30, 60"],
    [{ engine: "aurora-mysql" }, 'engine: "aurora-mysql" is not one of the allowed values: aurora-postgresql'],
    [{ identifier: "Shop-1" }, 'identifier: only lowercase alphanumeric characters and hyphens allowed in "identifier"'],
    [{ identifierPrefix: "shop-" }, 'identifier: "identifier": conflicts with identifierPrefix'],
    [
      { caCertIdentifier: "rds-ca-2019" },
      'caCertIdentifier: "rds-ca-2019" is not one of the allowed values: rds-ca-rsa2048-g1, rds-ca-rsa4096-g1, rds-ca-ecc384-g1',
    ],
  ] as readonly [Props, string][]) {
    it(`are refused before anything is made with ${JSON.stringify(changes)}`, () => {
      assert.deepEqual(rds.faults(type.instance, { ...INSTANCE, ...changes }), [reason]);
    });
  }

  for (const [changes, code, message] of [
    [{ clusterIdentifier: "none" }, "DBClusterNotFoundFault", "DBCluster none not found."],
    [
      { instanceClass: "db.m5.large" },
      "InvalidParameterCombination",
      "RDS does not support creating a DB instance with the following combination: DBInstanceClass=db.m5.large, Engine=aurora-postgresql, EngineVersion=17.4, LicenseModel=postgresql-license. For supported combinations of instance class and database engine version, see the documentation.",
    ],
    [
      { engineVersion: "16.8" },
      "InvalidParameterCombination",
      "The engine version that you requested for your DB instance (16.8) does not match the engine version of your DB cluster (17.4).",
    ],
    [
      { dbSubnetGroupName: "other" },
      "InvalidParameterCombination",
      "The DB instance's subnet group other isn't the one of its DB cluster, data.",
    ],
    [
      { preferredBackupWindow: "03:00-03:30" },
      "InvalidParameterCombination",
      "The requested DB Instance will be a member of a DB Cluster. Set backup window for the DB Cluster.",
    ],
    [
      { availabilityZone: "eu-central-1c" },
      "InvalidVPCNetworkStateFault",
      "The DB subnet group doesn't cover the Availability Zone eu-central-1c. Current AZ coverage: eu-central-1a, eu-central-1b.",
    ],
    [{ dbParameterGroupName: "none" }, "DBParameterGroupNotFound", "DBParameterGroup not found: none"],
    [
      { dbParameterGroupName: "default.aurora-postgresql16" },
      "InvalidParameterCombination",
      "The Parameter Group default.aurora-postgresql16 with DBParameterGroupFamily aurora-postgresql16 cannot be used for this instance. Please use a Parameter Group with DBParameterGroupFamily aurora-postgresql17",
    ],
  ] as readonly [Props, string, string][]) {
    it(`are refused by RDS with ${JSON.stringify(changes)}`, async () => {
      await refused(instance(changes), code, message);
    });
  }

  it("are serverless only where the cluster says how far they scale", async () => {
    const row = await rds.make(type.cluster, {
      ...CLUSTER,
      clusterIdentifier: "other",
      serverlessv2ScalingConfiguration: undefined,
    });
    await refused(
      instance({ clusterIdentifier: "other" }),
      "InvalidDBClusterStateFault",
      "Set the Serverless v2 scaling configuration on the parent DB cluster before creating a Serverless v2 DB instance.",
    );
    await rds.delete(row);
  });

  it("are sixteen at most, a writer and fifteen readers", async () => {
    const row = (number: number): Resource => ({
      type: type.instance,
      id: `full-${number}`,
      urn: "",
      region: REGION,
      inputs: { clusterIdentifier: "shop" },
      outputs: {},
      phase: "ready",
      claimed: true,
    });
    const rows = Array.from({ length: 16 }, (_, at) => rds.cloud.world.put(row(at)));
    await refused(
      instance({}),
      "InstanceQuotaExceeded",
      "Request would result in user exceeding the allowed number of DB instances: shop has 16, and a DB cluster has a writer and 15 readers at most.",
    );
    for (const each of rows) rds.cloud.world.drop(each);
  });
});

import assert from "node:assert/strict";
import type { Resource } from "../../../../sandbox/src/core/definition.ts";
import { type Props, text } from "../../../../sandbox/src/core/values.ts";
import { refused } from "../../support/refused.ts";
import { CLUSTER, RdsFixture, type } from "./support.ts";

/** Nothing is started here: what is wrong is told first. */
describe("inputs of the sandbox's clusters", function () {
  this.timeout(30_000);
  let rds: RdsFixture;
  let vpc: Resource;
  before(async () => {
    rds = new RdsFixture();
    ({ vpc } = await rds.subnetGroup());
    await rds.make(type.cluster, CLUSTER);
  });
  after(() => rds.end());

  const cluster = (changes: Props): Promise<Resource> =>
    rds.make(type.cluster, { ...CLUSTER, clusterIdentifier: "other", ...changes });
  const faults = (changes: Props): string[] => rds.faults(type.cluster, { ...CLUSTER, ...changes });

  it("take every limit itself, and windows that touch", () => {
    assert.deepEqual(
      faults({
        port: 1150,
        backupRetentionPeriod: 35,
        serverlessv2ScalingConfiguration: { minCapacity: 0, maxCapacity: 256, secondsUntilAutoPause: 86_400 },
        preferredBackupWindow: "23:00-00:00",
        preferredMaintenanceWindow: "mon:00:00-mon:00:30",
        performanceInsightsRetentionPeriod: 713,
      }),
      [],
    );
  });

  describe("are refused before anything is made with", () => {
    for (const [changes, ...reasons] of [
      [{ engine: "postgres" }, 'engine: "postgres" is not one of the allowed values: aurora-postgresql'],
      [{ engineMode: "serverless" }, 'engineMode: "serverless" is not one of the allowed values: provisioned, '],
      [
        { clusterIdentifier: "Shop" },
        'clusterIdentifier: only lowercase alphanumeric characters and hyphens allowed in "clusterIdentifier"',
      ],
      [{ clusterIdentifier: "1shop" }, 'clusterIdentifier: first character of "clusterIdentifier" must be a letter'],
      [{ clusterIdentifier: "shop--db" }, 'clusterIdentifier: "clusterIdentifier" cannot contain two consecutive hyphens'],
      [{ clusterIdentifier: "shop-" }, 'clusterIdentifier: "clusterIdentifier" cannot end with a hyphen'],
      [{ clusterIdentifier: "s".repeat(64) }, 'clusterIdentifier: "clusterIdentifier" cannot be longer than 63 characters'],
      [{ clusterIdentifierPrefix: "shop-" }, 'clusterIdentifier: "clusterIdentifier": conflicts with clusterIdentifierPrefix'],
      [{ backupRetentionPeriod: 0 }, "backupRetentionPeriod: 0 is out of range; allowed: 1 to 35"],
      [{ backupRetentionPeriod: 36 }, "backupRetentionPeriod: 36 is out of range; allowed: 1 to 35"],
      [{ port: 1149 }, "port: 1149 is out of range; allowed: 1150 to 65535"],
      [
        { serverlessv2ScalingConfiguration: { minCapacity: -0.5, maxCapacity: 256.5 } },
        "serverlessv2ScalingConfiguration.minCapacity: expected minCapacity to be in the range (0.000000 - 256.000000), got -0.500000",
        "serverlessv2ScalingConfiguration.maxCapacity: expected maxCapacity to be in the range (1.000000 - 256.000000), got 256.500000",
      ],
      [
        { serverlessv2ScalingConfiguration: { minCapacity: 0.7, maxCapacity: 0.5 } },
        "serverlessv2ScalingConfiguration.minCapacity: minCapacity 0.7 is not allowed: capacity goes in steps of 0.5 ACU",
        "serverlessv2ScalingConfiguration.maxCapacity: expected maxCapacity to be in the range (1.000000 - 256.000000), got 0.500000",
      ],
      [
        { serverlessv2ScalingConfiguration: { minCapacity: 4, maxCapacity: 2 } },
        "serverlessv2ScalingConfiguration.maxCapacity: maxCapacity 2 is below minCapacity 4",
      ],
      [
        { serverlessv2ScalingConfiguration: { minCapacity: 0, maxCapacity: 2, secondsUntilAutoPause: 60 } },
        "serverlessv2ScalingConfiguration.secondsUntilAutoPause: 60 is out of range; allowed: 300 to 86400",
      ],
      [{ preferredBackupWindow: "3-4" }, 'preferredBackupWindow: "3-4" must satisfy the format of "hh24:mi-hh24:mi".'],
      [
        { preferredBackupWindow: "03:00-03:29" },
        "preferredBackupWindow: The backup window must be at least 30 minutes; it is 29",
      ],
      [
        { preferredMaintenanceWindow: "sunday:03:00-sunday:04:00" },
        'preferredMaintenanceWindow: "sunday:03:00-sunday:04:00" must satisfy the format of "ddd:hh24:mi-ddd:hh24:mi".',
      ],
      [
        { preferredBackupWindow: "23:30-00:30", preferredMaintenanceWindow: "Sun:00:00-Sun:00:30" },
        "preferredBackupWindow: The backup window and maintenance window must not overlap.",
      ],
      [
        { preferredBackupWindow: "12:00-12:30", preferredMaintenanceWindow: "sat:03:00-sun:03:00" },
        "preferredBackupWindow: The backup window and maintenance window must not overlap.",
      ],
      [{ masterPassword: "a-Password" }, 'manageMasterUserPassword: "manageMasterUserPassword": conflicts with masterPassword'],
      [{ kmsKeyId: "alias/own" }, 'kmsKeyId: "alias/own" is not allowed: expected an ARN such as arn:aws:kms:...'],
      [
        { finalSnapshotIdentifier: "last_words" },
        'finalSnapshotIdentifier: only alphanumeric characters and hyphens allowed in "finalSnapshotIdentifier"',
      ],
      [
        { performanceInsightsRetentionPeriod: 30 },
        "performanceInsightsRetentionPeriod: 30 is not allowed: 7, 731 or a multiple of 31 up to 713",
      ],
      [
        { enabledCloudwatchLogsExports: ["audit"] },
        'enabledCloudwatchLogsExports[]: "audit" is not one of the allowed values: postgresql, iam-db-auth-error, instance',
      ],
      [
        { globalClusterIdentifier: "world" },
        "globalClusterIdentifier: the sandbox has no Aurora Global Database (globalClusterIdentifier)",
      ],
      [{ enableHttpEndpoint: true }, "enableHttpEndpoint: the sandbox has no RDS Data API (enableHttpEndpoint)"],
      [{ allocatedStorage: 100 }, "allocatedStorage: the sandbox has no Multi-AZ DB clusters (allocatedStorage)"],
    ] as readonly [Props, ...string[]][]) {
      it(JSON.stringify(changes).slice(0, 100), () => {
        assert.deepEqual(faults(changes), reasons);
      });
    }

    it("several faults, each on a line", () => {
      assert.equal(faults({ engine: "mysql", port: 80, backupRetentionPeriod: 99 }).length, 3);
    });
  });

  describe("are refused by RDS with", () => {
    for (const [changes, code, message] of [
      [{ clusterIdentifier: "shop" }, "DBClusterAlreadyExistsFault", "DB Cluster already exists"],
      [{ dbSubnetGroupName: "none" }, "DBSubnetGroupNotFoundFault", "DB subnet group 'none' does not exist."],
      [{ dbSubnetGroupName: undefined }, "DBSubnetGroupNotFoundFault", "DB subnet group 'default' does not exist."],
      [{ dbClusterParameterGroupName: "none" }, "DBClusterParameterGroupNotFound", "DBClusterParameterGroup not found: none"],
      [
        { dbClusterParameterGroupName: "default.aurora-postgresql16" },
        "InvalidParameterCombination",
        "The Parameter Group default.aurora-postgresql16 with DBParameterGroupFamily aurora-postgresql16 cannot be used for this instance. Please use a Parameter Group with DBParameterGroupFamily aurora-postgresql17",
      ],
      [
        { vpcSecurityGroupIds: ["sg-0123456789abcdef0"] },
        "InvalidParameterValue",
        "Invalid security group , groupId= sg-0123456789abcdef0, groupName=.",
      ],
      [
        { availabilityZones: ["eu-central-1z"] },
        "InvalidVPCNetworkStateFault",
        "Availability zone 'eu-central-1z' is unavailable in this region, please choose another zone set.",
      ],
      [{ engineVersion: "12.1" }, "InvalidParameterCombination", "Cannot find version 12.1 for aurora-postgresql"],
      [{ engineVersion: "latest" }, "InvalidParameterCombination", "Cannot find version latest for aurora-postgresql"],
      [
        { engineVersion: "13.5" },
        "InvalidParameterCombination",
        "Serverless v2 isn't supported for aurora-postgresql version 13.5.",
      ],
      [
        { engineVersion: "16.2", serverlessv2ScalingConfiguration: { minCapacity: 0, maxCapacity: 1 } },
        "InvalidParameterValue",
        "Serverless v2 minimum capacity 0.0 isn't valid. The minimum capacity must be at least 0.5 for aurora-postgresql 16.2.",
      ],
      [
        { masterUsername: undefined },
        "InvalidParameterValue",
        "The parameter MasterUsername must be provided and must not be blank.",
      ],
      [{ masterUsername: "1st" }, "InvalidParameterValue", "Invalid master user name"],
      [
        { masterUsername: "rdsadmin" },
        "InvalidParameterValue",
        "MasterUsername rdsadmin cannot be used as it is a reserved word used by the engine",
      ],
      [
        { manageMasterUserPassword: undefined },
        "InvalidParameterValue",
        "The parameter MasterUserPassword must be provided and must not be blank.",
      ],
      [
        { manageMasterUserPassword: undefined, masterPassword: "short" },
        "InvalidParameterValue",
        "The parameter MasterUserPassword is not a valid password because it is shorter than 8 characters.",
      ],
      [
        { manageMasterUserPassword: undefined, masterPassword: "x".repeat(100) },
        "InvalidParameterValue",
        "The parameter MasterUserPassword is not a valid password because it is longer than 99 characters.",
      ],
      [
        { manageMasterUserPassword: undefined, masterPassword: "with a blank" },
        "InvalidParameterValue",
        "The parameter MasterUserPassword is not a valid password. Only printable ASCII characters besides '/', '@', '\"', ' ' may be used.",
      ],
      [
        { databaseName: "1shop" },
        "InvalidParameterValue",
        "DatabaseName must begin with a letter and contain only alphanumeric characters.",
      ],
      [
        { databaseName: "rdsadmin" },
        "InvalidParameterValue",
        "DatabaseName rdsadmin cannot be used. It is a reserved word for this engine",
      ],
      [
        { kmsKeyId: "arn:aws:kms:eu-central-1:123456789012:key/none" },
        "InvalidParameterCombination",
        "KmsKeyId can only be given with StorageEncrypted: set storageEncrypted to true",
      ],
      [
        { storageEncrypted: true, kmsKeyId: "arn:aws:kms:eu-central-1:123456789012:key/none" },
        "KMSKeyNotAccessibleFault",
        "The specified KMS key [arn:aws:kms:eu-central-1:123456789012:key/none] does not exist, is not enabled or you do not have permissions to access it.",
      ],
      [
        { masterUserSecretKmsKeyId: "none" },
        "KMSKeyNotAccessibleFault",
        "The specified KMS key [none] does not exist, is not enabled or you do not have permissions to access it.",
      ],
      [
        { manageMasterUserPassword: undefined, masterPassword: "a-Password", masterUserSecretKmsKeyId: "none" },
        "InvalidParameterCombination",
        "MasterUserSecretKmsKeyId can only be given with ManageMasterUserPassword: set manageMasterUserPassword to true",
      ],
      [
        { monitoringInterval: 60 },
        "InvalidParameterCombination",
        "A MonitoringRoleARN value is required if you specify a MonitoringInterval value other than 0.",
      ],
      [
        { performanceInsightsRetentionPeriod: 7 },
        "InvalidParameterCombination",
        "performanceInsightsRetentionPeriod can only be given with Performance Insights: set performanceInsightsEnabled to true",
      ],
      [{ snapshotIdentifier: "none" }, "DBClusterSnapshotNotFoundFault", "DBClusterSnapshot not found: none"],
      [
        { restoreToPointInTime: { sourceClusterIdentifier: "none", useLatestRestorableTime: true } },
        "DBClusterNotFoundFault",
        "DBCluster none not found.",
      ],
      [
        { restoreToPointInTime: { sourceClusterIdentifier: "shop", useLatestRestorableTime: true } },
        "InvalidDBClusterStateFault",
        "The source cluster has no backup yet: its first instance has not started.",
      ],
      [
        { restoreToPointInTime: { sourceClusterIdentifier: "shop" } },
        "InvalidParameterCombination",
        "Exactly one of restoreToTime and useLatestRestorableTime must be given for restoreToPointInTime.",
      ],
    ] as readonly [Props, string, string][]) {
      it(JSON.stringify(changes, (_key, value: unknown) => value ?? null).slice(0, 100), async () => {
        await refused(cluster(changes), code, message);
      });
    }

    it("a security group of another VPC", async () => {
      const other = await rds.make(type.vpc, { cidrBlock: "10.9.0.0/16" });
      const group = await rds.make(type.securityGroup, { vpcId: other.id, name: "elsewhere" });
      await refused(
        cluster({ vpcSecurityGroupIds: [group.id] }),
        "InvalidParameterCombination",
        `The DB instance and EC2 security group are in different VPCs. The DB instance is in ${vpc.id} and the EC2 security group is in ${other.id}`,
      );
    });

    it("a key that is switched off, and none of it is left", async () => {
      const key = await rds.make(type.key, { isEnabled: false });
      const kmsKeyId = text(key.outputs, "arn");
      const secrets = rds.cloud.world.all(type.secret).length;
      await refused(cluster({ storageEncrypted: true, kmsKeyId }), "KMSKeyNotAccessibleFault", /is not enabled/);
      assert.equal(rds.cloud.world.all(type.secret).length, secrets);
      assert.equal(rds.cloud.world.get(type.cluster, "other"), undefined);
    });
  });
});

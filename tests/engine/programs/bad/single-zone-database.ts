import { Instance } from "@pulumi/aws/rds/instance.js";

/** "A standby doubles the price." */
new Instance("shop", {
  engine: "postgres",
  engineVersion: "17.5",
  instanceClass: "db.t4g.medium",
  allocatedStorage: 20,
  maxAllocatedStorage: 100,
  username: "shop",
  manageMasterUserPassword: true,
  storageEncrypted: true,
  multiAz: false,
  backupRetentionPeriod: 7,
  deletionProtection: true,
  finalSnapshotIdentifier: "shop-last",
  iamDatabaseAuthenticationEnabled: true,
  copyTagsToSnapshot: true,
  monitoringInterval: 60,
  enabledCloudwatchLogsExports: ["postgresql", "upgrade"],
  tags: { project: "shop" },
});

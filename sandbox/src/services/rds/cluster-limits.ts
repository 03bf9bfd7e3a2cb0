import type { ResourceDefinition } from "../../core/definition.ts";
import { hasUnknown, type Props, type Value } from "../../core/values.ts";
import { all, arnOf, between, type Limit, oneOf } from "../limits.ts";
import { identifier, identifierPrefix, shown, snapshotName, without } from "./names.ts";
import { ENGINE } from "./types.ts";
import { dailyWindow, weeklyWindow, windowsOverlap } from "./windows.ts";

/** Days for which Performance Insights keeps its data: a week, whole months of 31 days, or two years. */
export const insightsDays: Limit = (value) =>
  typeof value === "number" && (value === 7 || value === 731 || (value % 31 === 0 && value >= 31 && value <= 713))
    ? undefined
    : `${shown(value)} is not allowed: 7, 731 or a multiple of 31 up to 713`;

/** Seconds between two points of Enhanced Monitoring; 0 is off. */
export const monitoringSeconds: Limit = oneOf(0, 1, 5, 10, 15, 30, 60);

/** A capacity in ACU: halves, from `least` to 256 (RDS API Reference, ServerlessV2ScalingConfiguration). */
function capacity(property: string, least: number): Limit {
  return (value) => {
    if (typeof value !== "number") return undefined;
    if (value < least || value > 256)
      return `expected ${property} to be in the range (${least.toFixed(6)} - 256.000000), got ${value.toFixed(6)}`;
    return Number.isInteger(value * 2)
      ? undefined
      : `${property} ${String(value)} is not allowed: capacity goes in steps of 0.5 ACU`;
  };
}

const notBelowLeast: Limit = (value, inputs) => {
  const least = (inputs["serverlessv2ScalingConfiguration"] as Props | undefined)?.["minCapacity"];
  return typeof least === "number" && typeof value === "number" && value < least
    ? `maxCapacity ${String(value)} is below minCapacity ${String(least)}`
    : undefined;
};

/** Features that need something the sandbox does not have. The value that leaves them off is fine. */
function notServed(what: string): Limit {
  return (value: Value) => (value === false || value === "" || value === 0 ? undefined : `the sandbox has no ${what}`);
}

const apartFromMaintenance: Limit = (value, inputs) => {
  const week = inputs["preferredMaintenanceWindow"];
  if (typeof week !== "string" || hasUnknown(week) || weeklyWindow(week, inputs) !== undefined) return undefined;
  return windowsOverlap(shown(value), week) ? "The backup window and maintenance window must not overlap." : undefined;
};

/** What the provider checks before it asks RDS, and what the sandbox cannot do. */
export const clusterLimits: NonNullable<ResourceDefinition["limits"]> = {
  engine: oneOf(ENGINE),
  engineMode: oneOf("provisioned", ""),
  clusterIdentifier: all(identifier("clusterIdentifier"), without("clusterIdentifier", "clusterIdentifierPrefix")),
  clusterIdentifierPrefix: identifierPrefix("clusterIdentifierPrefix"),
  finalSnapshotIdentifier: snapshotName("finalSnapshotIdentifier"),
  backupRetentionPeriod: between(1, 35),
  port: between(1150, 65_535),
  preferredBackupWindow: all(dailyWindow, apartFromMaintenance),
  preferredMaintenanceWindow: weeklyWindow,
  manageMasterUserPassword: without("manageMasterUserPassword", "masterPassword", "masterPasswordWo"),
  masterPassword: without("masterPassword", "masterPasswordWo"),
  kmsKeyId: arnOf("kms"),
  performanceInsightsKmsKeyId: arnOf("kms"),
  performanceInsightsRetentionPeriod: insightsDays,
  monitoringInterval: monitoringSeconds,
  monitoringRoleArn: arnOf("iam"),
  networkType: oneOf("IPV4"),
  databaseInsightsMode: oneOf("standard", "advanced"),
  clusterScalabilityType: oneOf("standard"),
  storageType: oneOf("", "aurora", "aurora-iopt1"),
  engineLifecycleSupport: oneOf("open-source-rds-extended-support", "open-source-rds-extended-support-disabled"),
  "enabledCloudwatchLogsExports[]": oneOf("postgresql", "iam-db-auth-error", "instance"),
  "serverlessv2ScalingConfiguration.minCapacity": capacity("minCapacity", 0),
  "serverlessv2ScalingConfiguration.maxCapacity": all(capacity("maxCapacity", 1), notBelowLeast),
  "serverlessv2ScalingConfiguration.secondsUntilAutoPause": between(300, 86_400),
  snapshotIdentifier: without("snapshotIdentifier", "restoreToPointInTime", "globalClusterIdentifier"),
  "restoreToPointInTime.restoreType": oneOf("full-copy", "copy-on-write"),
  scalingConfiguration: notServed("Aurora Serverless v1; use serverlessv2ScalingConfiguration"),
  allocatedStorage: notServed("Multi-AZ DB clusters (allocatedStorage)"),
  iops: notServed("Multi-AZ DB clusters (iops)"),
  dbClusterInstanceClass: notServed("Multi-AZ DB clusters (dbClusterInstanceClass)"),
  backtrackWindow: notServed(`backtracking, nor has ${ENGINE}`),
  dbSystemId: notServed("RDS Custom (dbSystemId)"),
  domain: notServed("Directory Service (domain)"),
  enableHttpEndpoint: notServed("RDS Data API (enableHttpEndpoint)"),
  enableGlobalWriteForwarding: notServed("Aurora Global Database (enableGlobalWriteForwarding)"),
  enableLocalWriteForwarding: notServed("local write forwarding"),
  globalClusterIdentifier: notServed("Aurora Global Database (globalClusterIdentifier)"),
  replicationSourceIdentifier: notServed("replication from another cluster (replicationSourceIdentifier)"),
  sourceRegion: notServed("replication from another region (sourceRegion)"),
  s3Import: notServed("import from S3 (s3Import)"),
};

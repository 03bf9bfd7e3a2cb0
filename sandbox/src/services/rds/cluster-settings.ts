import type { Operation } from "../../core/definition.ts";
import { type Props, text } from "../../core/values.ts";
import { familyOf, requireServerless } from "./engine-versions.ts";
import { invalidCombination, keyArnIn } from "./errors.ts";
import { CLUSTER_PARAMETER_GROUP } from "./types.ts";

/** The settings of a cluster that may change while it stands, with what RDS fills in; `before` are the outputs so far. Refuses combinations that RDS refuses. */
export function clusterSettings(operation: Operation, version: string, before: Props): Props {
  const { inputs } = operation;
  requireCombinations(inputs, version);
  const orKept = (name: string, otherwise: Props[string]): Props[string] => inputs[name] ?? before[name] ?? otherwise;
  const insights = inputs["performanceInsightsEnabled"] === true;
  return {
    allocatedStorage: 1,
    applyImmediately: inputs["applyImmediately"] ?? false,
    autoMinorVersionUpgrade: orKept("autoMinorVersionUpgrade", true),
    backupRetentionPeriod: orKept("backupRetentionPeriod", 1),
    caCertificateIdentifier: orKept("caCertificateIdentifier", ""),
    caCertificateValidTill: "",
    clusterScalabilityType: "standard",
    databaseInsightsMode: orKept("databaseInsightsMode", "standard"),
    dbClusterParameterGroupName: parameterGroup(operation, version),
    engineLifecycleSupport: orKept("engineLifecycleSupport", "open-source-rds-extended-support"),
    // A version that the program gives in part stays as it is written, so that it is no difference later.
    engineVersion: text(inputs, "engineVersion") || version,
    engineVersionActual: version,
    iamRoles: orKept("iamRoles", []),
    kmsKeyId: storageKey(operation),
    // Write-only: it is never read back.
    masterPasswordWo: undefined,
    masterUserSecretKmsKeyId: masterSecretKey(operation),
    monitoringInterval: orKept("monitoringInterval", 0),
    monitoringRoleArn: text(inputs, "monitoringRoleArn"),
    networkType: "IPV4",
    performanceInsightsKmsKeyId: insights ? keyArnIn(operation, "performanceInsightsKmsKeyId", "rds") : "",
    performanceInsightsRetentionPeriod: insights ? orKept("performanceInsightsRetentionPeriod", 7) : 0,
    preferredBackupWindow: orKept("preferredBackupWindow", "03:12-03:42"),
    preferredMaintenanceWindow: keptWindow(inputs, before, "sun:05:08-sun:05:38"),
    storageEncrypted: inputs["storageEncrypted"] ?? false,
    storageType: inputs["storageType"] ?? "",
    upgradeRolloutOrder: "second",
  };
}

/** The cluster parameter group: the one asked for, which must fit the version, or the version's default. */
function parameterGroup({ cloud, inputs, region }: Operation, version: string): string {
  const family = familyOf(version);
  const name = text(inputs, "dbClusterParameterGroupName");
  if (name === "") return `default.${family}`;
  requireFamily(name, text(cloud.world.get(CLUSTER_PARAMETER_GROUP, name, region)?.outputs ?? {}, "family"), family);
  return name;
}

/** The maintenance window in the small letters in which RDS shows it. */
export function keptWindow(inputs: Props, before: Props, otherwise: string): string {
  return (text(inputs, "preferredMaintenanceWindow") || text(before, "preferredMaintenanceWindow") || otherwise).toLowerCase();
}

/** Refuses a parameter group made for another major version. */
export function requireFamily(group: string, has: string, wanted: string): void {
  const family = has || group.replace(/^default\./, "");
  if (family === wanted) return;
  throw invalidCombination(
    `The Parameter Group ${group} with DBParameterGroupFamily ${family} cannot be used for this instance. ` +
      `Please use a Parameter Group with DBParameterGroupFamily ${wanted}`,
  );
}

function requireCombinations(inputs: Props, version: string): void {
  const range = inputs["serverlessv2ScalingConfiguration"] as Props | undefined;
  if (range !== undefined) requireServerless(version, Number(range["minCapacity"]));
  requireMonitoringRole(inputs);
  if (text(inputs, "kmsKeyId") !== "" && inputs["storageEncrypted"] !== true)
    throw invalidCombination("KmsKeyId can only be given with StorageEncrypted: set storageEncrypted to true");
  if (text(inputs, "masterUserSecretKmsKeyId") !== "" && inputs["manageMasterUserPassword"] !== true)
    throw invalidCombination(
      "MasterUserSecretKmsKeyId can only be given with ManageMasterUserPassword: set manageMasterUserPassword to true",
    );
  requireInsights(inputs);
}

/** Refuses Enhanced Monitoring without a role; shared with instances. */
export function requireMonitoringRole(inputs: Props): void {
  if (Number(inputs["monitoringInterval"] ?? 0) > 0 && text(inputs, "monitoringRoleArn") === "")
    throw invalidCombination("A MonitoringRoleARN value is required if you specify a MonitoringInterval value other than 0.");
}

/** Refuses settings of Performance Insights where it is off; shared with instances. */
export function requireInsights(inputs: Props): void {
  const given = ["performanceInsightsKmsKeyId", "performanceInsightsRetentionPeriod"].find((name) => (inputs[name] ?? 0) !== 0);
  if (given !== undefined && inputs["performanceInsightsEnabled"] !== true)
    throw invalidCombination(`${given} can only be given with Performance Insights: set performanceInsightsEnabled to true`);
}

function storageKey(operation: Operation): string {
  if (operation.inputs["storageEncrypted"] !== true) return "";
  return keyArnIn(operation, "kmsKeyId", "rds");
}

function masterSecretKey(operation: Operation): string {
  const given = text(operation.inputs, "masterUserSecretKmsKeyId");
  if (operation.inputs["manageMasterUserPassword"] !== true) return "";
  return given === "" ? keyArnIn(operation, "masterUserSecretKmsKeyId", "secretsmanager") : given;
}

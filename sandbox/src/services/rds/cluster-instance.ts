import { randomBytes } from "node:crypto";
import type { Cloud } from "../../core/cloud.ts";
import { CloudError, type Operation, type Resource, type ResourceDefinition } from "../../core/definition.ts";
import { arn } from "../../core/ids.ts";
import { type Props, text } from "../../core/values.ts";
import { all, arnOf, between, type Limit, oneOf } from "../limits.ts";
import { insightsDays, monitoringSeconds } from "./cluster-limits.ts";
import { keptWindow, requireFamily, requireInsights, requireMonitoringRole } from "./cluster-settings.ts";
import { familyOf, resolveVersion } from "./engine-versions.ts";
import { invalidCombination, keyArnIn } from "./errors.ts";
import { fleetOf } from "./fleet.ts";
import { identifier, identifierPrefix, nameOr, shown, without } from "./names.ts";
import { groupReference } from "./parameter-groups.ts";
import { isWriter } from "./roles.ts";
import { zonesOfGroup } from "./subnet-group.ts";
import { CLUSTER, CLUSTER_INSTANCE, ENGINE, hostPart, membersOf, PARAMETER_GROUP, SUBNET_GROUP } from "./types.ts";
import { dailyWindow, weeklyWindow } from "./windows.ts";

/** Instance classes of Aurora PostgreSQL (Aurora User Guide, "Supported DB engines for DB instance classes"). */
const CLASS = /^db\.(serverless|(r[5-8](g|gd|i|d|id)?|x2g|t4g|t3)\.(medium|large|\d{0,2}xlarge|metal))$/;

const instanceClass: Limit = (value) => {
  if (/^db\.[a-z0-9]+(-[a-z]+)?(\.[a-z0-9-]+)?$/.test(shown(value))) return undefined;
  return `Invalid DB Instance class: ${shown(value)}`;
};

/** A writer and fifteen readers (Aurora User Guide, "Quotas and constraints for Amazon Aurora"). */
const MOST_INSTANCES = 16;

/**
 * An instance of an Aurora cluster: a real PostgreSQL behind the cluster's endpoints, over TLS with a certificate of the sandbox's own authority. The first one
 * writes, the others are its streaming replicas; when the writer dies or is deleted, the reader with the best promotion tier takes its place.
 */
export const clusterInstance: ResourceDefinition = {
  type: CLUSTER_INSTANCE,
  replaceOn: [
    "availabilityZone",
    "clusterIdentifier",
    "customIamInstanceProfile",
    "dbSubnetGroupName",
    "engine",
    "identifier",
    "identifierPrefix",
  ],
  defaults: {
    autoMinorVersionUpgrade: true,
    copyTagsToSnapshot: false,
    forceDestroy: false,
    monitoringInterval: 0,
    promotionTier: 0,
  },
  limits: {
    engine: oneOf(ENGINE),
    identifier: all(identifier("identifier"), without("identifier", "identifierPrefix")),
    identifierPrefix: identifierPrefix("identifierPrefix"),
    instanceClass,
    monitoringInterval: monitoringSeconds,
    monitoringRoleArn: arnOf("iam"),
    performanceInsightsKmsKeyId: arnOf("kms"),
    performanceInsightsRetentionPeriod: insightsDays,
    preferredBackupWindow: dailyWindow,
    preferredMaintenanceWindow: weeklyWindow,
    promotionTier: between(0, 15),
    caCertIdentifier: oneOf("rds-ca-rsa2048-g1", "rds-ca-rsa4096-g1", "rds-ca-ecc384-g1"),
    customIamInstanceProfile: () => "the sandbox has no RDS Custom (customIamInstanceProfile)",
  },
  references: [
    {
      path: "clusterIdentifier",
      to: CLUSTER,
      missing: (id) => new CloudError("DBClusterNotFoundFault", `DBCluster ${id} not found.`, 404),
      inUse: () =>
        new CloudError(
          "InvalidDBClusterStateFault",
          "Cluster cannot be deleted, it still contains DB instances in non-deleting state.",
        ),
    },
    groupReference(
      "dbParameterGroupName",
      PARAMETER_GROUP,
      ["DBParameterGroupNotFound", "DBParameterGroup"],
      "database instances",
    ),
  ],
  create,
  update: (operation, before) => settings(operation, clusterOf(operation.cloud, before), before.outputs),
  run: async (cloud, row) => {
    await fleetOf(cloud).run(clusterOf(cloud, row), row);
    return undefined;
  },
  look: (cloud, row) => {
    const cluster = cloud.world.get(CLUSTER, text(row.inputs, "clusterIdentifier"), row.region);
    return { writer: cluster !== undefined && isWriter(cloud, cluster, row) };
  },
  halt: async (cloud, row) => {
    const cluster = cloud.world.get(CLUSTER, text(row.inputs, "clusterIdentifier"), row.region);
    if (cluster !== undefined) await fleetOf(cloud).leave(cluster, row);
  },
};

function create(operation: Operation): ReturnType<ResourceDefinition["create"]> {
  const { cloud, inputs, region } = operation;
  const cluster = clusterOf(cloud, operation);
  const id = nameOr(inputs, "identifier");
  if (cloud.world.get(CLUSTER_INSTANCE, id, region) !== undefined)
    throw new CloudError("DBInstanceAlreadyExists", "DB instance already exists");
  requireFit(inputs, cluster);
  const members = membersOf(cloud, cluster);
  if (members.length >= MOST_INSTANCES)
    throw new CloudError(
      "InstanceQuotaExceeded",
      `Request would result in user exceeding the allowed number of DB instances: ${cluster.id} has ${String(members.length)}, ` +
        `and a DB cluster has a writer and ${String(MOST_INSTANCES - 1)} readers at most.`,
    );
  return {
    id,
    outputs: {
      ...settings(operation, cluster, {}),
      arn: arn("rds", region, cloud.account, `db:${id}`),
      availabilityZone: zoneOf(operation, cluster),
      dbSubnetGroupName: text(cluster.outputs, "dbSubnetGroupName"),
      dbiResourceId: `db-${randomBytes(13).toString("hex").toUpperCase()}`,
      endpoint: `${id}.${hostPart(cloud, region)}.${region}.rds.amazonaws.com`,
      identifier: id,
      identifierPrefix: text(inputs, "identifierPrefix"),
      writer: members.length === 0,
    },
  };
}

/** The cluster that an instance belongs to. */
function clusterOf(cloud: Cloud, { inputs, region }: Pick<Resource, "inputs" | "region">): Resource {
  const id = text(inputs, "clusterIdentifier");
  const cluster = cloud.world.get(CLUSTER, id, region);
  if (cluster === undefined) throw new CloudError("DBClusterNotFoundFault", `DBCluster ${id} not found.`, 404);
  return cluster;
}

/** Refuses an instance that does not go with its cluster. */
function requireFit(inputs: Props, cluster: Resource): void {
  const clusterVersion = text(cluster.outputs, "engineVersionActual");
  const version = text(inputs, "engineVersion");
  if (version !== "" && resolveVersion(version) !== clusterVersion && version !== text(cluster.outputs, "engineVersion")) {
    throw invalidCombination(
      `The engine version that you requested for your DB instance (${version}) does not match the engine version of your DB cluster (${clusterVersion}).`,
    );
  }
  const group = text(inputs, "dbSubnetGroupName");
  if (group !== "" && group !== cluster.outputs["dbSubnetGroupName"])
    throw invalidCombination(
      `The DB instance's subnet group ${group} isn't the one of its DB cluster, ${text(cluster.outputs, "dbSubnetGroupName")}.`,
    );
  if (text(inputs, "preferredBackupWindow") !== "")
    throw invalidCombination("The requested DB Instance will be a member of a DB Cluster. Set backup window for the DB Cluster.");
}

/** The zone asked for, or of the subnet group's zones the first in which the fewest of the cluster's instances stand. */
function zoneOf({ cloud, inputs, region }: Operation, cluster: Resource): string {
  const group = cloud.world.get(SUBNET_GROUP, text(cluster.outputs, "dbSubnetGroupName"), region);
  const zones = group === undefined ? [] : zonesOfGroup(cloud, group);
  const asked = text(inputs, "availabilityZone");
  if (asked === "") {
    const taken = membersOf(cloud, cluster).map((row) => text(row.outputs, "availabilityZone"));
    const count = (zone: string): number => taken.filter((each) => each === zone).length;
    return zones.toSorted((a, b) => count(a) - count(b))[0] ?? "";
  }
  if (zones.includes(asked)) return asked;
  throw new CloudError(
    "InvalidVPCNetworkStateFault",
    `The DB subnet group doesn't cover the Availability Zone ${asked}. Current AZ coverage: ${zones.join(", ")}.`,
  );
}

/** What may change while the instance stands, with what RDS fills in. */
function settings(operation: Operation, cluster: Resource, before: Props): Props {
  const { inputs } = operation;
  requireClass(inputs, cluster);
  requireMonitoringRole(inputs);
  requireInsights(inputs);
  const orKept = (name: string, otherwise: Props[string]): Props[string] => inputs[name] ?? before[name] ?? otherwise;
  const insights = inputs["performanceInsightsEnabled"] === true;
  const fixed = ["availabilityZone", "dbSubnetGroupName", "identifier", "identifierPrefix"].filter(
    (name) => before[name] !== undefined,
  );
  return {
    ...Object.fromEntries(fixed.map((name) => [name, before[name]])),
    applyImmediately: inputs["applyImmediately"] ?? false,
    caCertIdentifier: orKept("caCertIdentifier", "rds-ca-rsa2048-g1"),
    dbParameterGroupName: parameterGroup(operation, cluster),
    engineVersion: text(inputs, "engineVersion") || text(cluster.outputs, "engineVersionActual"),
    engineVersionActual: text(cluster.outputs, "engineVersionActual"),
    kmsKeyId: text(cluster.outputs, "kmsKeyId"),
    monitoringRoleArn: text(inputs, "monitoringRoleArn"),
    networkType: "IPV4",
    performanceInsightsEnabled: insights,
    performanceInsightsKmsKeyId: insights ? keyArnIn(operation, "performanceInsightsKmsKeyId", "rds") : "",
    performanceInsightsRetentionPeriod: insights ? orKept("performanceInsightsRetentionPeriod", 7) : 0,
    port: cluster.outputs["port"] ?? 5432,
    preferredBackupWindow: text(cluster.outputs, "preferredBackupWindow"),
    preferredMaintenanceWindow: keptWindow(inputs, before, "sun:06:11-sun:06:41"),
    publiclyAccessible: inputs["publiclyAccessible"] ?? false,
    storageEncrypted: cluster.outputs["storageEncrypted"] === true,
  };
}

function requireClass(inputs: Props, cluster: Resource): void {
  const name = text(inputs, "instanceClass");
  if (name === "db.serverless" && cluster.outputs["serverlessv2ScalingConfiguration"] === undefined) {
    throw new CloudError(
      "InvalidDBClusterStateFault",
      "Set the Serverless v2 scaling configuration on the parent DB cluster before creating a Serverless v2 DB instance.",
    );
  }
  if (CLASS.test(name)) return;
  throw invalidCombination(
    `RDS does not support creating a DB instance with the following combination: DBInstanceClass=${name}, Engine=${ENGINE}, ` +
      `EngineVersion=${text(cluster.outputs, "engineVersionActual")}, LicenseModel=postgresql-license. ` +
      "For supported combinations of instance class and database engine version, see the documentation.",
  );
}

function parameterGroup({ cloud, inputs, region }: Operation, cluster: Resource): string {
  const family = familyOf(text(cluster.outputs, "engineVersionActual"));
  const name = text(inputs, "dbParameterGroupName");
  if (name === "") return `default.${family}`;
  requireFamily(name, text(cloud.world.get(PARAMETER_GROUP, name, region)?.outputs ?? {}, "family"), family);
  return name;
}

import { CloudError, type Operation, type ResourceDefinition } from "../../core/definition.ts";
import { arn } from "../../core/ids.ts";
import { type Props, text, texts } from "../../core/values.ts";
import { cachesOf } from "../../plane/cache/cache-groups.ts";
import { NEEDS_NATIVE } from "../../plane/cache/engine.ts";
import { windowsOverlap } from "../rds/windows.ts";
import { changeToken, forgetTokens, setFirstToken } from "./auth-tokens.ts";
import { cacheId, runCache } from "./caches.ts";
import { engineOf, nodesOf, replicationGroupLimits } from "./replication-group-limits.ts";
import { zonesOfGroup } from "./subnet-group.ts";
import {
  hostPart,
  invalidCombination,
  invalidValue,
  PARAMETER_GROUP,
  REPLICATION_GROUP,
  shortRegion,
  SUBNET_GROUP,
  USER_GROUP,
} from "./types.ts";
import { isDowngrade } from "./user.ts";
import { actualVersion, atLeast, familyOf } from "./versions.ts";

const SECURITY_GROUP = "aws:ec2/securityGroup:SecurityGroup";
const TOPIC = "aws:sns/topic:Topic";
/** Before it, encryption in transit was a matter of the cache's creation. Source: the provider's documentation of `transitEncryptionEnabled`. */
const TLS_IN_PLACE = "7.0.5";

/**
 * A cache: a primary and its replicas, behind a primary and a reader endpoint. It runs a real Valkey or Redis where this machine has one; see `cacheEngine`. It
 * holds what it holds in memory: a daemon that is started again begins with empty caches, and keeps no snapshots.
 */
export const replicationGroup: ResourceDefinition = {
  type: REPLICATION_GROUP,
  replaceOn: [
    "atRestEncryptionEnabled",
    "dataTieringEnabled",
    "globalReplicationGroupId",
    "kmsKeyId",
    "networkType",
    "port",
    "replicationGroupId",
    "securityGroupNames",
    "snapshotArns",
    "snapshotName",
    "subnetGroupName",
  ],
  alsoReplaceOn: (before, now) => [
    ...(isDowngrade(before, now) ? ["engine"] : []),
    ...(atLeast(actualVersion(engineOf(now), text(now, "engineVersion")) ?? "0", TLS_IN_PLACE)
      ? []
      : ["transitEncryptionEnabled"]),
  ],
  autoName: { property: "replicationGroupId", maxLength: 40, lowercase: true },
  defaults: { applyImmediately: false, automaticFailoverEnabled: false, multiAzEnabled: false },
  limits: replicationGroupLimits,
  references: [
    {
      path: "subnetGroupName",
      to: SUBNET_GROUP,
      missing: (name) => new CloudError("CacheSubnetGroupNotFoundFault", `Cache Subnet Group ${name} does not exist.`, 404),
      inUse: (group) =>
        new CloudError("CacheSubnetGroupInUse", `Cache subnet group ${group.id} is currently in use by a cache cluster.`),
    },
    {
      path: "parameterGroupName",
      to: PARAMETER_GROUP,
      missing: (name) =>
        name.startsWith("default.")
          ? undefined
          : new CloudError("CacheParameterGroupNotFound", `CacheParameterGroup not found: ${name}`, 404),
      inUse: (group) =>
        new CloudError(
          "InvalidCacheParameterGroupState",
          `One or more cache clusters are still members of this parameter group ${group.id}, so the group cannot be deleted.`,
        ),
    },
    {
      path: "securityGroupIds[]",
      to: SECURITY_GROUP,
      missing: (id) => invalidValue(`Some security group Ids are not valid: ${id}.`),
      inUse: (group) => new CloudError("DependencyViolation", `resource ${group.id} has a dependent object`),
    },
    {
      path: "userGroupIds[]",
      to: USER_GROUP,
      missing: (id) => new CloudError("UserGroupNotFound", `User group ${id} not found.`, 404),
      inUse: (group) =>
        new CloudError(
          "InvalidUserGroupState",
          `User group ${group.id} is associated with a replication group and cannot be deleted.`,
        ),
    },
    {
      path: "notificationTopicArn",
      to: TOPIC,
      by: ["arn"],
      missing: (topic) => invalidValue(`The topic ${topic} does not exist.`),
    },
  ],
  create: (operation) => {
    const { cloud, inputs, region } = operation;
    const id = text(inputs, "replicationGroupId").toLowerCase();
    if (cloud.world.get(REPLICATION_GROUP, id, region) !== undefined)
      throw new CloudError("ReplicationGroupAlreadyExists", `Replication group ${id} already exists.`);
    if (text(inputs, "snapshotName") !== "")
      throw new CloudError(
        "SnapshotNotFoundFault",
        `Snapshot ${text(inputs, "snapshotName")} not found: the sandbox keeps no snapshots of caches.`,
        404,
      );
    setFirstToken(cloud, { id, region }, inputs);
    return {
      id,
      outputs: {
        ...computed(operation, id, {}),
        arn: arn("elasticache", region, cloud.account, `replicationgroup:${id}`),
        replicationGroupId: id,
        ...endpointsOf(operation, id),
      },
    };
  },
  update: (operation, before) => {
    const { cloud, inputs } = operation;
    const turnsTls = inputs["transitEncryptionEnabled"] === true && before.outputs["transitEncryptionEnabled"] !== true;
    if (turnsTls && text(inputs, "transitEncryptionMode") !== "preferred")
      throw invalidCombination(
        "To enable in-transit encryption on an existing replication group, set TransitEncryptionMode to preferred first.",
      );
    if (
      text(inputs, "authToken") !== text(before.inputs, "authToken") ||
      text(inputs, "authTokenUpdateStrategy") !== text(before.inputs, "authTokenUpdateStrategy")
    )
      changeToken(cloud, before, inputs);
    return { ...computed(operation, before.id, before.outputs), replicationGroupId: before.id };
  },
  run: async (cloud, row) => {
    await runCache(cloud, row);
    return undefined;
  },
  halt: async (cloud, row) => {
    await cachesOf(cloud).remove(cacheId(row));
    forgetTokens(cloud, row);
  },
};

/** Refuses what does not go together, and fills in what ElastiCache does. */
function computed(operation: Operation, id: string, before: Props): Props {
  const { inputs } = operation;
  const engine = engineOf(inputs);
  const asked = text(inputs, "engineVersion");
  const actual = actualVersion(engine, asked) ?? "";
  const nodes = nodesOf(inputs);
  requireUpgrade(before, engine, actual);
  requireWindows(inputs);
  requireNetwork(operation, nodes);
  requireUsers(operation);
  return {
    applyImmediately: inputs["applyImmediately"] ?? false,
    atRestEncryptionEnabled: inputs["atRestEncryptionEnabled"] ?? engine === "valkey",
    autoMinorVersionUpgrade: inputs["autoMinorVersionUpgrade"] ?? true,
    clusterEnabled: false,
    clusterMode: "disabled",
    configurationEndpointAddress: "",
    dataTieringEnabled: false,
    engine,
    engineVersion: asked || actual.split(".").slice(0, 2).join("."),
    engineVersionActual: actual,
    globalReplicationGroupId: "",
    ipDiscovery: "ipv4",
    maintenanceWindow:
      text(inputs, "maintenanceWindow").toLowerCase() || text(before, "maintenanceWindow") || "sun:05:00-sun:06:00",
    memberClusters: Array.from({ length: nodes }, (_, index) => `${id}-${String(index + 1).padStart(3, "0")}`),
    networkType: "ipv4",
    numCacheClusters: nodes,
    numNodeGroups: 1,
    parameterGroupName: parameterGroupOf(operation, engine, actual),
    port: inputs["port"] ?? 6379,
    replicasPerNodeGroup: nodes - 1,
    securityGroupIds: inputs["securityGroupIds"] ?? [],
    securityGroupNames: [],
    snapshotRetentionLimit: inputs["snapshotRetentionLimit"] ?? 0,
    snapshotWindow: text(inputs, "snapshotWindow") || text(before, "snapshotWindow") || "03:00-04:00",
    subnetGroupName: text(inputs, "subnetGroupName") || "default",
    transitEncryptionEnabled: inputs["transitEncryptionEnabled"] ?? false,
    transitEncryptionMode: inputs["transitEncryptionEnabled"] === true ? text(inputs, "transitEncryptionMode") || "required" : "",
    ...(before["arn"] !== undefined && {
      arn: before["arn"],
      primaryEndpointAddress: before["primaryEndpointAddress"],
      readerEndpointAddress: before["readerEndpointAddress"],
    }),
  };
}

/** The names of the endpoints differ by encryption in transit. Source: ElastiCache user guide, "Finding replication group endpoints". */
function endpointsOf({ cloud, inputs, region }: Operation, id: string): Props {
  const zone = `${shortRegion(region)}.cache.amazonaws.com`;
  const host = hostPart(cloud, region);
  return inputs["transitEncryptionEnabled"] === true
    ? { primaryEndpointAddress: `master.${id}.${host}.${zone}`, readerEndpointAddress: `replica.${id}.${host}.${zone}` }
    : { primaryEndpointAddress: `${id}.${host}.ng.0001.${zone}`, readerEndpointAddress: `${id}-ro.${host}.ng.0001.${zone}` };
}

function requireUpgrade(before: Props, engine: string, actual: string): void {
  const old = text(before, "engineVersionActual");
  if (old !== "" && text(before, "engine") === engine && !atLeast(actual, old))
    throw invalidCombination(`The engine version cannot be downgraded from ${old} to ${actual}.`);
}

function requireWindows(inputs: Props): void {
  const [snapshot, maintenance] = [text(inputs, "snapshotWindow"), text(inputs, "maintenanceWindow")];
  if (snapshot !== "" && maintenance !== "" && windowsOverlap(snapshot, maintenance))
    throw invalidCombination("The snapshot window and maintenance window must not overlap.");
}

/** The subnet group must cover a zone for the primary and another for a replica; security groups are of its VPC. */
function requireNetwork({ cloud, inputs, region }: Operation, nodes: number): void {
  const group = cloud.world.get(SUBNET_GROUP, text(inputs, "subnetGroupName"), region);
  if (group === undefined) return;
  const zones = zonesOfGroup(cloud, group);
  if (inputs["multiAzEnabled"] === true && zones.length < 2)
    throw invalidCombination(
      `Multi-AZ needs subnets in two Availability Zones at least; the cache subnet group ${group.id} covers ${zones.join(", ")}.`,
    );
  const preferred = texts(inputs, "preferredCacheClusterAzs");
  if (preferred.length > 0 && preferred.length !== nodes)
    throw invalidCombination("PreferredCacheClusterAZs can only be specified with one zone for each cache cluster.");
  const outside = preferred.find((zone) => !zones.includes(zone));
  if (outside !== undefined)
    throw invalidCombination(
      `The cache subnet group ${group.id} has no subnet in the Availability Zone ${outside}; it covers ${zones.join(", ")}.`,
    );
  const vpc = text(group.outputs, "vpcId");
  const foreign = texts(inputs, "securityGroupIds").find(
    (id) => text(cloud.world.get(SECURITY_GROUP, id, region)?.outputs ?? {}, "vpcId") !== vpc,
  );
  if (foreign !== undefined)
    throw invalidCombination(`The security group ${foreign} and the cache subnet group ${group.id} are in different VPCs.`);
}

function requireUsers({ cloud, inputs }: Operation): void {
  const groups = texts(inputs, "userGroupIds");
  if (groups.length === 0) return;
  if (groups.length > 1) throw invalidValue("Only one user group can be associated with a replication group.");
  if (inputs["transitEncryptionEnabled"] !== true)
    throw invalidCombination("Access control lists can only be used with in-transit encryption enabled.");
  if (cachesOf(cloud).engine.kind === "embedded")
    throw invalidCombination(
      `The engine that the sandbox has here, js-redis-server, knows no users: use authToken, or ${NEEDS_NATIVE}.`,
    );
}

function parameterGroupOf({ cloud, inputs, region }: Operation, engine: string, actual: string): string {
  const family = familyOf(engine, actual);
  const name = text(inputs, "parameterGroupName");
  if (name === "") return `default.${family}`;
  const given = name.startsWith("default.")
    ? name.slice("default.".length)
    : text(cloud.world.get(PARAMETER_GROUP, name, region)?.outputs ?? {}, "family");
  if (given !== family)
    throw invalidCombination(`Expected a parameter group of family ${family} but found one of family ${given}`);
  return name;
}

import { type Props, text, type Value } from "../../core/values.ts";
import { all, arnOf, between, type Limit, matching, ofLength, oneOf, shown } from "../limits.ts";
import { NODE_TYPES } from "./node-types.ts";
import { versionsOf } from "./versions.ts";

const notServed =
  (what: string): Limit =>
  (value) =>
    value === null || value === false || value === "" || (Array.isArray(value) && value.length === 0)
      ? undefined
      : `the sandbox does not serve ${what}`;

/** Source: the AWS provider's aws_elasticache_replication_group: with more than one node only can one take over. */
const needsReplicas =
  (property: string): Limit =>
  (value, inputs) =>
    value === true && nodesOf(inputs) < 2
      ? `"numCacheClusters": must be at least 2 if ${property} is true, got ${String(nodesOf(inputs))}`
      : undefined;

const multiAz: Limit = (value, inputs) =>
  value === true && inputs["automaticFailoverEnabled"] !== true
    ? "automaticFailoverEnabled must be true if multiAzEnabled is true"
    : needsReplicas("multiAzEnabled")(value, inputs);

const authToken: Limit = (value, inputs) => {
  const given = typeof value === "string" ? value : "";
  if (inputs["transitEncryptionEnabled"] !== true) return "an authToken needs transitEncryptionEnabled = true";
  return /^[\w!&#$^<>.-]{16,128}$/.test(given)
    ? undefined
    : `the token has ${String(given.length)} characters or others than are allowed: 16 to 128 letters, digits and !&#$^<>-`;
};

const engineVersion: Limit = (value, inputs) => {
  const versions = versionsOf(engineOf(inputs));
  return typeof value === "string" && versions.includes(value)
    ? undefined
    : `${shown(value)} is not a version of ${engineOf(inputs)}; allowed: ${versions.join(", ")}`;
};

const groupId: Limit = all(
  ofLength(1, 40),
  matching(/^[A-Za-z][A-Za-z0-9-]*$/, "letters, digits and hyphens, a letter first"),
  matching(/^(?!.*--).*[^-]$/, "no two hyphens in a row, and none at the end"),
);

/** Limits by input. Source: ElastiCache API Reference, CreateReplicationGroup. */
export const replicationGroupLimits: Readonly<Record<string, Limit>> = {
  replicationGroupId: groupId,
  description: (value) => (value === "" ? "it must not be empty" : undefined),
  engine: oneOf("redis", "valkey"),
  engineVersion,
  nodeType: oneOf(...NODE_TYPES),
  numCacheClusters: between(1, 6),
  port: between(1, 65_535),
  automaticFailoverEnabled: needsReplicas("automaticFailoverEnabled"),
  multiAzEnabled: multiAz,
  authToken,
  authTokenUpdateStrategy: oneOf("SET", "ROTATE", "DELETE"),
  authTokenWo: notServed("write-only tokens: use authToken"),
  kmsKeyId: arnOf("kms"),
  transitEncryptionMode: oneOf("preferred", "required"),
  snapshotRetentionLimit: between(0, 35),
  snapshotWindow: (value) => windowFault(value, /^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$/, "hh24:mi-hh24:mi"),
  maintenanceWindow: (value) =>
    windowFault(
      value,
      /^(sun|mon|tue|wed|thu|fri|sat):([01]\d|2[0-3]):[0-5]\d-(sun|mon|tue|wed|thu|fri|sat):([01]\d|2[0-3]):[0-5]\d$/i,
      "ddd:hh24:mi-ddd:hh24:mi",
    ),
  finalSnapshotIdentifier: matching(
    /^[A-Za-z](?!.*--)[A-Za-z0-9-]{0,254}(?<!-)$/,
    "letters, digits and single hyphens, a letter first",
  ),
  notificationTopicArn: arnOf("sns"),
  networkType: oneOf("ipv4"),
  ipDiscovery: oneOf("ipv4"),
  clusterMode: (value) =>
    value === "disabled" ? undefined : 'the sandbox serves caches of one shard: clusterMode is "disabled"',
  numNodeGroups: (value) => (value === 1 ? undefined : "the sandbox serves caches of one shard: use numCacheClusters"),
  nodeGroupConfigurations: notServed("caches of several shards"),
  dataTieringEnabled: notServed("data tiering"),
  globalReplicationGroupId: notServed("global datastores"),
  securityGroupNames: notServed("networks before VPC: use securityGroupIds"),
  snapshotArns: notServed("restoring a cache from S3"),
  durability: (value) => (value === "default" || value === "disabled" ? undefined : "the sandbox does not serve durable caches"),
  userGroupIds: (value, inputs) =>
    Array.isArray(value) && value.length > 0 && text(inputs, "authToken") !== ""
      ? "it conflicts with authToken: give one of them"
      : undefined,
};

/** The engine that a group asks for. */
export function engineOf(inputs: Props): string {
  return text(inputs, "engine") || "redis";
}

/** How many nodes it asks for. */
export function nodesOf(inputs: Props): number {
  const replicas = inputs["replicasPerNodeGroup"];
  return Number(inputs["numCacheClusters"] ?? (typeof replicas === "number" ? replicas + 1 : 1));
}

/** ElastiCache wants an hour at least. */
function windowFault(value: Value, pattern: RegExp, form: string): string | undefined {
  if (typeof value !== "string" || !pattern.test(value)) return `${shown(value)} must satisfy the format of "${form}"`;
  const days = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
  const [from = 0, to = 0] = value.split(/(?<=\d)-/).map((moment) => {
    const [minutes = 0, hours = 0] = moment.split(":").slice(-2).reverse().map(Number);
    return Math.max(0, days.indexOf(moment.slice(0, 3).toLowerCase())) * 1440 + hours * 60 + minutes;
  });
  const whole = form.startsWith("ddd") ? 7 * 1440 : 1440;
  const length = (to - from + whole) % whole;
  return length >= 60 ? undefined : `${shown(value)} must be at least 60 minutes long; it is ${String(length)}`;
}

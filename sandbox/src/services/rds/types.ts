import type { Cloud } from "../../core/cloud.ts";
import type { Resource } from "../../core/definition.ts";
import { derived } from "../../core/ids.ts";
import { text } from "../../core/values.ts";

export const CLUSTER = "aws:rds/cluster:Cluster";
export const CLUSTER_INSTANCE = "aws:rds/clusterInstance:ClusterInstance";
export const CLUSTER_PARAMETER_GROUP = "aws:rds/clusterParameterGroup:ClusterParameterGroup";
export const CLUSTER_SNAPSHOT = "aws:rds/clusterSnapshot:ClusterSnapshot";
export const PARAMETER_GROUP = "aws:rds/parameterGroup:ParameterGroup";
export const SUBNET_GROUP = "aws:rds/subnetGroup:SubnetGroup";

/** The one engine that the sandbox runs. */
export const ENGINE = "aurora-postgresql";

/** The cluster's instances, oldest first. Those that are being deleted no longer count. */
export function membersOf(cloud: Cloud, cluster: Resource): Resource[] {
  return cloud.world
    .all(CLUSTER_INSTANCE)
    .filter((row) => row.region === cluster.region && row.inputs["clusterIdentifier"] === cluster.id && row.phase !== "deleting");
}

/** The part that all RDS host names of an account and region share, such as `c1x2y3z4abcd`. */
export function hostPart(cloud: Cloud, region: string): string {
  return `c${derived(11, "rds", cloud.account, region)}`;
}

/** The id of the Route 53 zone in which RDS keeps a region's names: the real ones where they are known for certain, else one in their shape. */
export function hostedZone(region: string): string {
  return HOSTED_ZONES[region] ?? `Z${derived(13, "rds-zone", region).toUpperCase()}`;
}

const HOSTED_ZONES: Readonly<Record<string, string>> = {
  "ap-northeast-1": "Z24O6O9L7SGTNB",
  "ap-southeast-1": "Z2G0U3KFCY8NZ5",
  "ap-southeast-2": "Z32T0VRHXEXS0V",
  "eu-central-1": "Z1RLNUO7B9Q6NB",
  "eu-west-1": "Z29XKXDKYMONMX",
  "us-east-1": "Z2R2ITUGPM61AM",
  "us-east-2": "Z2XHWR1WZ565X2",
  "us-west-1": "Z10WI91S59XXQN",
  "us-west-2": "Z1PVIF0B656C1W",
};

/** What names the cluster's folder here. Part of the resource id is in it: a cluster of the same name that comes later has a folder of its own. */
export function serverId(cluster: Resource): string {
  return `${cluster.id}-${text(cluster.outputs, "clusterResourceId").slice(-6).toLowerCase()}`;
}

/** What names an instance's server and its folder, in the same way. */
export function serverName(instance: Resource): string {
  return `${instance.id}-${text(instance.outputs, "dbiResourceId").slice(-6).toLowerCase()}`;
}

/** An instance's server, as the data plane names it. */
export function serverOf(cluster: Resource, instance: Resource): { readonly id: string; readonly server: string } {
  return { id: serverId(cluster), server: serverName(instance) };
}

/** The key under which the local port of a cluster's endpoint is remembered. */
export function portKey(cluster: Resource, of: "endpoint" | "readerEndpoint" = "endpoint"): string {
  return of === "endpoint" ? `rds/${serverId(cluster)}` : `rds/${serverId(cluster)}/reader`;
}

/** The key under which the local port of an instance's server is remembered. */
export function serverPortKey(instance: Resource): string {
  return `rds/instance/${serverName(instance)}`;
}

/** The port at which a cluster answers in its VPC. */
export function portText(cluster: Resource): string {
  return String(Number(cluster.outputs["port"] ?? 5432));
}

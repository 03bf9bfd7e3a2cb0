import { randomBytes } from "node:crypto";
import type { Cloud } from "../../core/cloud.ts";
import { CloudError, type Operation, type Reference, type Resource } from "../../core/definition.ts";
import { isProps, type Props, text, texts } from "../../core/values.ts";
import { securityGroupReference } from "./errors.ts";
import { identifier } from "./names.ts";
import { CLUSTER, hostPart } from "./types.ts";

export const PROXY = "aws:rds/proxy:Proxy";
export const PROXY_ENDPOINT = "aws:rds/proxyEndpoint:ProxyEndpoint";
export const PROXY_TARGET = "aws:rds/proxyTarget:ProxyTarget";
export const PROXY_TARGET_GROUP = "aws:rds/proxyDefaultTargetGroup:ProxyDefaultTargetGroup";

/** The one target group of a proxy. */
export const DEFAULT_GROUP = "default";
/** The port at which proxies of this engine family answer. */
export const PROXY_PORT = 5432;

const SUBNET = "aws:ec2/subnet:Subnet";

/** Names of proxies and their endpoints (RDS API Reference, CreateDBProxy). */
export const proxyName = identifier;

/** The input that names a proxy. */
export const proxyReference: Reference = {
  path: "dbProxyName",
  to: PROXY,
  missing: (name) =>
    new CloudError(
      "DBProxyNotFoundFault",
      `The specified proxy name ${name} doesn't correspond to a proxy owned by your Amazon Web Services account in the specified Amazon Web Services Region.`,
      404,
    ),
};

/** The network that proxies and their endpoints stand in. */
export const proxyNetworkReferences: readonly Reference[] = [
  securityGroupReference,
  {
    path: "vpcSubnetIds[]",
    to: SUBNET,
    missing: (id) => invalidSubnet(`${id} is not there.`),
    inUse: (subnet) => new CloudError("DependencyViolation", `The subnet '${subnet.id}' has dependencies and cannot be deleted.`),
  },
];

/** What a proxy or an endpoint of one has from its network: the VPC of its subnets, which must be in two zones at least, and the security groups. */
export function proxyNetwork({ cloud, inputs, region }: Operation): {
  readonly vpcId: string;
  readonly vpcSecurityGroupIds: string[];
} {
  const subnets = texts(inputs, "vpcSubnetIds").map((id) => cloud.world.get(SUBNET, id, region)?.outputs ?? {});
  const vpcs = new Set(subnets.map((outputs) => text(outputs, "vpcId")));
  const [vpcId = ""] = vpcs;
  if (vpcs.size > 1) throw invalidSubnet(`They are in different VPCs: ${[...vpcs].join(", ")}.`);
  const zones = new Set(subnets.map((outputs) => text(outputs, "availabilityZone")));
  if (zones.size < 2)
    throw invalidSubnet(`A proxy needs subnets in at least 2 Availability Zones; given: ${[...zones].join(", ") || "none"}.`);
  const given = texts(inputs, "vpcSecurityGroupIds");
  const own = text(cloud.world.get("aws:ec2/vpc:Vpc", vpcId, region)?.outputs ?? {}, "defaultSecurityGroupId");
  return { vpcId, vpcSecurityGroupIds: given.length > 0 ? given : [own] };
}

function invalidSubnet(why: string): CloudError {
  return new CloudError(
    "InvalidSubnet",
    `The requested subnet is invalid, or multiple subnets were requested that are not all in a common VPC. ${why}`,
  );
}

/** The id in a proxy resource's ARN, such as `prx-0a1b2c3d4e5f67890`. */
export function proxyId(prefix: string): string {
  return `${prefix}-${randomBytes(9).toString("hex").slice(1)}`;
}

/** What all host names of proxies of an account and region end with. */
export function proxyHost(cloud: Cloud, region: string): string {
  return `proxy-${hostPart(cloud, region)}.${region}.rds.amazonaws.com`;
}

/** The cluster that a proxy leads to; undefined while it has no target. */
export function clusterOfProxy(cloud: Cloud, proxy: Resource): Resource | undefined {
  const target = cloud.world
    .all(PROXY_TARGET)
    .find((row) => row.region === proxy.region && row.inputs["dbProxyName"] === proxy.id && row.phase !== "deleting");
  return target === undefined ? undefined : cloud.world.get(CLUSTER, text(target.inputs, "dbClusterIdentifier"), proxy.region);
}

/** How a proxy's pool behaves: RDS' defaults, and over them what its target group says. */
export function poolConfigOf(cloud: Cloud, proxy: Resource): PoolConfig {
  const group = cloud.world.get(PROXY_TARGET_GROUP, proxy.id, proxy.region);
  return poolConfig(group?.inputs["connectionPoolConfig"] as Props | undefined);
}

/** The `auths` of a proxy. */
export function authsOf({ inputs }: Pick<Resource, "inputs">): Props[] {
  const { auths } = inputs;
  return Array.isArray(auths) ? auths.filter(isProps) : [];
}

/** Settings of a connection pool (RDS API Reference, ConnectionPoolConfigurationInfo). */
export type PoolConfig = {
  connectionBorrowTimeout: number;
  initQuery: string;
  maxConnectionsPercent: number;
  maxIdleConnectionsPercent: number;
  sessionPinningFilters: string[];
};

export function poolConfig(given: Props | undefined): PoolConfig {
  const number = (name: string, otherwise: number): number => Number(given?.[name] ?? otherwise);
  const maxConnectionsPercent = number("maxConnectionsPercent", 100);
  return {
    connectionBorrowTimeout: number("connectionBorrowTimeout", 120),
    initQuery: text(given ?? {}, "initQuery"),
    maxConnectionsPercent,
    maxIdleConnectionsPercent: number("maxIdleConnectionsPercent", Math.min(50, maxConnectionsPercent)),
    sessionPinningFilters: [],
  };
}

import { LogGroup } from "@pulumi/aws/cloudwatch/logGroup.js";
import { SecurityGroup } from "@pulumi/aws/ec2/securityGroup.js";
import type { Role } from "@pulumi/aws/iam/role.js";
import { Proxy } from "@pulumi/aws/rds/proxy.js";
import { ProxyDefaultTargetGroup } from "@pulumi/aws/rds/proxyDefaultTargetGroup.js";
import { ProxyEndpoint } from "@pulumi/aws/rds/proxyEndpoint.js";
import { ProxyTarget } from "@pulumi/aws/rds/proxyTarget.js";
import { SecurityGroupEgressRule } from "@pulumi/aws/vpc/securityGroupEgressRule.js";
import { SecurityGroupIngressRule } from "@pulumi/aws/vpc/securityGroupIngressRule.js";
import * as pulumi from "@pulumi/pulumi";
import { requireBetween } from "../shared/checks.ts";
import { serviceRole } from "../shared/iam.ts";
import { diagnostic, named, type Tags } from "../shared/tags.ts";

/** What the caller decides about a {@link ConnectionPooler}. */
export interface ConnectionPoolerArgs {
  /** The region of the secret, whose store alone may open it for the pooler. */
  readonly region: string;
  /** The account that owns the pooler; its role works for no other. */
  readonly accountId: string;
  /** The VPC of the subnets. */
  readonly vpcId: pulumi.Input<string>;
  /** Subnets in at least two zones, those of the database. A change replaces the pooler. */
  readonly subnetIds: readonly pulumi.Input<string>[];
  /** The cluster behind it. */
  readonly clusterIdentifier: pulumi.Input<string>;
  /** The database's security group and port. */
  readonly database: { readonly securityGroupId: pulumi.Input<string>; readonly port: number };
  /** The secret with which it signs in to the database. */
  readonly secretArn: pulumi.Input<string>;
  /** ARN of the KMS key of that secret. */
  readonly keyArn: pulumi.Input<string>;
  /** How clients sign in: with the password of the secret, or with a token of their IAM role. @default "password" */
  readonly clientAuth?: "password" | "iam";
  /** Whether there is a second endpoint that leads to readers; it needs one at least. @default true */
  readonly readers?: boolean;
  /** The share of the connections that the database allows, which the pooler may open, in percent. @default 80 */
  readonly connectionsPercent?: number;
  /** ARN of the KMS key of the log; its policy must let CloudWatch Logs in. */
  readonly logKeyArn: pulumi.Input<string>;
  /** Days for which the log is kept. */
  readonly logDays: number;
  /** Put on everything that takes tags. */
  readonly tags: Tags;
}

/**
 * RDS Proxy before an Aurora cluster: many clients share few connections, and a failover costs them a pause instead of an error, as the pooler holds their connections and
 * finds the new writer by itself.
 *
 * It takes connections by TLS only, and reads the database's secret by a role that can do nothing else. A fifth of the database's connections stays free for people.
 * A session that sets variables, listens, or holds temporary tables or advisory locks keeps its connection to itself; the metric `DatabaseConnectionsCurrentlySessionPinned` tells.
 *
 * It keeps connections open, so a database that may pause (0 ACU) never does.
 *
 * **Cost**: 0.018 USD for each ACU of the cluster and hour, for 8 ACU at least: 105 USD a month (Frankfurt).
 */
export class ConnectionPooler extends pulumi.ComponentResource {
  /** `host:port` that leads to the writer; known once the pooler has the cluster. */
  readonly endpoint: pulumi.Output<string>;
  /** `host:port` that leads to the readers; undefined without `readers`. */
  readonly readerEndpoint: pulumi.Output<string> | undefined;
  /** The group that lets clients in one by one, on the database's port. */
  readonly securityGroupId: pulumi.Output<string>;
  /** By which CloudWatch knows the pooler. */
  readonly proxyName: pulumi.Output<string>;

  readonly #name: string;
  readonly #args: ConnectionPoolerArgs;

  constructor(name: string, args: ConnectionPoolerArgs, opts?: pulumi.ComponentResourceOptions) {
    requireBetween(`ConnectionPooler "${name}": connectionsPercent`, args.connectionsPercent ?? 80, 1, 100);
    super("platform:database:ConnectionPooler", name, {}, opts);
    this.#name = name;
    this.#args = args;

    const group = this.#securityGroup();
    this.securityGroupId = group.id;
    const proxy = this.#proxy(group, this.#role());
    this.proxyName = proxy.name;
    const target = this.#target(proxy);
    const { port } = args.database;
    this.endpoint = pulumi.all([proxy.endpoint, target.id]).apply(([host]) => `${host}:${port}`);
    this.readerEndpoint = (args.readers ?? true) ? this.#readers(proxy, group, target) : undefined;
    this.registerOutputs({ endpoint: this.endpoint, readerEndpoint: this.readerEndpoint, securityGroupId: this.securityGroupId });
  }

  #securityGroup(): SecurityGroup {
    const { database, tags, vpcId } = this.#args;
    const name = this.#name;
    const description = "PostgreSQL, from the clients that are let in one by one";
    const group = new SecurityGroup(
      `${name}-access`,
      { vpcId, description, tags: named(`${name}-access`, tags) },
      { parent: this },
    );
    const port = { ipProtocol: "tcp", fromPort: database.port, toPort: database.port, tags };
    new SecurityGroupEgressRule(
      `${name}-out-database`,
      { ...port, securityGroupId: group.id, referencedSecurityGroupId: database.securityGroupId, description: "The database" },
      { parent: this },
    );
    new SecurityGroupIngressRule(
      `${name}-into-database`,
      { ...port, securityGroupId: database.securityGroupId, referencedSecurityGroupId: group.id, description: "The pooler" },
      { parent: this },
    );
    return group;
  }

  #role(): Role {
    const { accountId, keyArn, region, secretArn, tags } = this.#args;
    return serviceRole(
      `${this.#name}-role`,
      {
        service: "rds.amazonaws.com",
        description: "Reads the database's secret for the pooler",
        statements: [
          { Sid: "ReadTheSecret", Action: "secretsmanager:GetSecretValue", Resource: secretArn },
          {
            Sid: "OpenTheSecret",
            Action: "kms:Decrypt",
            Resource: keyArn,
            Condition: { StringEquals: { "kms:ViaService": `secretsmanager.${region}.amazonaws.com` } },
          },
        ],
        condition: { StringEquals: { "aws:SourceAccount": accountId } },
        tags,
      },
      { parent: this },
    );
  }

  #proxy(group: SecurityGroup, role: Role): Proxy {
    const { clientAuth = "password", logDays, logKeyArn, secretArn, subnetIds, tags } = this.#args;
    const name = this.#name;
    // The pooler would make this group by itself, unencrypted and kept for ever.
    const log = new LogGroup(
      `${name}-log`,
      { name: `/aws/rds/proxy/${name}`, kmsKeyId: logKeyArn, retentionInDays: logDays, tags: diagnostic(tags) },
      { parent: this },
    );
    const iamAuth = clientAuth === "iam" ? "REQUIRED" : "DISABLED";
    return new Proxy(
      `${name}-proxy`,
      {
        // Fixed, because the log group is found by it.
        name,
        engineFamily: "POSTGRESQL",
        auths: [{ authScheme: "SECRETS", secretArn, iamAuth }],
        roleArn: role.arn,
        requireTls: true,
        idleClientTimeout: 1800,
        debugLogging: false,
        vpcSubnetIds: [...subnetIds],
        vpcSecurityGroupIds: [group.id],
        tags,
      },
      { parent: this, deleteBeforeReplace: true, dependsOn: [log] },
    );
  }

  #target(proxy: Proxy): ProxyTarget {
    const { clusterIdentifier: dbClusterIdentifier, connectionsPercent: maxConnectionsPercent = 80 } = this.#args;
    const group = new ProxyDefaultTargetGroup(
      `${this.#name}-pool`,
      {
        dbProxyName: proxy.name,
        connectionPoolConfig: {
          maxConnectionsPercent,
          maxIdleConnectionsPercent: Math.floor(maxConnectionsPercent / 2),
          // A request that waits longer for a connection has missed its goal many times over; an error lets the client decide.
          connectionBorrowTimeout: 10,
        },
      },
      { parent: this },
    );
    return new ProxyTarget(
      `${this.#name}-cluster`,
      { dbProxyName: proxy.name, targetGroupName: group.name, dbClusterIdentifier },
      { parent: this },
    );
  }

  #readers(proxy: Proxy, group: SecurityGroup, target: ProxyTarget): pulumi.Output<string> {
    const { database, subnetIds, tags } = this.#args;
    const endpoint = new ProxyEndpoint(
      `${this.#name}-readers`,
      {
        dbProxyName: proxy.name,
        dbProxyEndpointName: `${this.#name}-readers`,
        targetRole: "READ_ONLY",
        vpcSubnetIds: [...subnetIds],
        vpcSecurityGroupIds: [group.id],
        tags,
      },
      { parent: this, dependsOn: [target] },
    );
    return pulumi.interpolate`${endpoint.endpoint}:${database.port}`;
  }
}

import { LogGroup } from "@pulumi/aws/cloudwatch/logGroup.js";
import { SecurityGroup } from "@pulumi/aws/ec2/securityGroup.js";
import { ParameterGroup } from "@pulumi/aws/elasticache/parameterGroup.js";
import { ReplicationGroup } from "@pulumi/aws/elasticache/replicationGroup.js";
import { SubnetGroup } from "@pulumi/aws/elasticache/subnetGroup.js";
import { Secret } from "@pulumi/aws/secretsmanager/secret.js";
import { SecretVersion } from "@pulumi/aws/secretsmanager/secretVersion.js";
import * as pulumi from "@pulumi/pulumi";
import { RandomPassword } from "@pulumi/random/randomPassword.js";
import { requireBetween } from "../shared/checks.ts";
import { shortName } from "../shared/names.ts";
import { copied, diagnostic, named, type Tags } from "../shared/tags.ts";

/** The port on which a {@link Cache} listens. */
export const CACHE_PORT = 6379;

/** What the caller decides about a {@link Cache}. */
export interface CacheArgs {
  /** The VPC of the subnets. A change replaces the cache. */
  readonly vpcId: pulumi.Input<string>;
  /** Subnets in several zones, without a route to the internet. */
  readonly subnetIds: readonly pulumi.Input<string>[];
  /** ARN of the KMS key of what is on disk and of the password. A change replaces the cache. */
  readonly keyArn: pulumi.Input<string>;
  /** Size of each node, such as `cache.t4g.small`. A change takes effect in place, with a failover. @default "cache.t4g.small" */
  readonly nodeType?: string;
  /** Copies of the primary in other zones, one of which takes over when it fails. @default 1 */
  readonly replicas?: number;
  /** Which entries go first when the memory is full. @default "allkeys-lfu" */
  readonly evict?: "allkeys-lru" | "allkeys-lfu" | "volatile-ttl";
  /** Days for which a daily snapshot is kept, from which a new cache starts warm. @default 7 */
  readonly snapshotDays?: number;
  /** ARN of the KMS key of the log of slow commands; its policy must let CloudWatch Logs in. */
  readonly logKeyArn: pulumi.Input<string>;
  /** Days for which that log is kept. */
  readonly logDays: number;
  /** Put on everything that takes tags. */
  readonly tags: Tags;
}

/**
 * ElastiCache for Valkey, one primary and its replicas in other zones: over TLS, with a password, encrypted on disk.
 *
 * A cache holds what stands elsewhere as well. The product goes on without it, only slower, so it may be replaced, and deleted when the platform moves back to a stage without.
 *
 * The password is in Secrets Manager, where the product reads it. It is kept in the stack's state as well (encrypted), because ElastiCache takes it as an input and
 * makes none itself.
 *
 * **Cost**: 22 USD a month for each cache.t4g.small (0.0304 USD an hour), of which there are two; 0.40 USD for the password; 0.085 USD a GB and month of snapshots
 * (Frankfurt).
 */
export class Cache extends pulumi.ComponentResource {
  /** The primary's `host:port`; stays the same when another node takes over. */
  readonly endpoint: pulumi.Output<string>;
  /** Secret whose JSON holds `password`. */
  readonly secretArn: pulumi.Output<string>;
  /** Group to which a client's group must be let in; see {@link CACHE_PORT}. */
  readonly securityGroupId: pulumi.Output<string>;
  /** By which CloudWatch knows the nodes. */
  readonly nodeIds: readonly string[];

  readonly #name: string;
  readonly #args: CacheArgs;

  constructor(name: string, args: CacheArgs, opts?: pulumi.ComponentResourceOptions) {
    const { replicas = 1, snapshotDays = 7 } = args;
    requireBetween(`Cache "${name}": replicas`, replicas, 1, 5);
    requireBetween(`Cache "${name}": snapshotDays`, snapshotDays, 1, 35);
    super("platform:cache:Cache", name, {}, opts);
    this.#name = name;
    this.#args = args;

    const access = this.#securityGroup();
    const password = new RandomPassword(`${name}-password`, { length: 48, special: false }, { parent: this });
    const group = this.#group(access, password);

    this.securityGroupId = access.id;
    this.endpoint = pulumi.interpolate`${group.primaryEndpointAddress}:${CACHE_PORT}`;
    this.secretArn = this.#secret(password);
    // Numbered from one, in three digits (ElastiCache API reference, "NodeGroupMember").
    this.nodeIds = Array.from({ length: replicas + 1 }, (_, index) => `${this.#id}-${String(index + 1).padStart(3, "0")}`);
    this.registerOutputs({ endpoint: this.endpoint, secretArn: this.secretArn, securityGroupId: this.securityGroupId });
  }

  /** ElastiCache's name of the group, of at most 40 characters. */
  get #id(): string {
    return shortName(this.#name, 40);
  }

  #securityGroup(): SecurityGroup {
    const { tags, vpcId } = this.#args;
    const name = `${this.#name}-access`;
    const description = "The cache, from the clients that are let in one by one";
    return new SecurityGroup(name, { vpcId, description, tags: named(name, tags) }, { parent: this });
  }

  #group(access: SecurityGroup, password: RandomPassword): ReplicationGroup {
    const {
      evict = "allkeys-lfu",
      keyArn,
      logDays,
      logKeyArn,
      nodeType = "cache.t4g.small",
      replicas = 1,
      snapshotDays = 7,
      subnetIds,
      tags,
    } = this.#args;
    const name = this.#name;
    const child = { parent: this };
    const subnets = new SubnetGroup(
      `${name}-subnets`,
      { subnetIds: [...subnetIds], description: "The data subnets", tags },
      child,
    );
    const parameters = new ParameterGroup(
      `${name}-parameters`,
      {
        family: "valkey8",
        description: "What goes first when the memory is full",
        parameters: [{ name: "maxmemory-policy", value: evict }],
        tags,
      },
      child,
    );
    const log = new LogGroup(
      `${name}-slow-log`,
      { name: `/aws/elasticache/${name}/slow-log`, kmsKeyId: logKeyArn, retentionInDays: logDays, tags: diagnostic(tags) },
      child,
    );
    return new ReplicationGroup(
      `${name}-group`,
      {
        replicationGroupId: this.#id,
        description: "Hot reads of the product",
        engine: "valkey",
        engineVersion: "8.2",
        nodeType,
        port: CACHE_PORT,
        numCacheClusters: replicas + 1,
        automaticFailoverEnabled: true,
        multiAzEnabled: true,
        parameterGroupName: parameters.name,
        subnetGroupName: subnets.name,
        securityGroupIds: [access.id],
        atRestEncryptionEnabled: true,
        kmsKeyId: keyArn,
        transitEncryptionEnabled: true,
        transitEncryptionMode: "required",
        authToken: password.result,
        // The product takes the new password before the old one goes: ElastiCache accepts both for a while.
        authTokenUpdateStrategy: "ROTATE",
        snapshotRetentionLimit: snapshotDays,
        snapshotWindow: "02:00-03:00",
        maintenanceWindow: "sun:03:30-sun:04:30",
        autoMinorVersionUpgrade: true,
        applyImmediately: true,
        logDeliveryConfigurations: [
          { destination: log.name, destinationType: "cloudwatch-logs", logFormat: "json", logType: "slow-log" },
        ],
        tags: copied(tags),
      },
      child,
    );
  }

  #secret(password: RandomPassword): pulumi.Output<string> {
    const { keyArn, tags } = this.#args;
    const secret = new Secret(
      `${this.#name}-password`,
      // The cache gets a new one whenever it is made anew, so nobody needs it back after a week.
      { description: "Opens the cache", kmsKeyId: keyArn, recoveryWindowInDays: 7, tags: copied(tags) },
      { parent: this },
    );
    const secretString = pulumi.jsonStringify({ password: password.result });
    const version = new SecretVersion(`${this.#name}-password`, { secretId: secret.id, secretString }, { parent: this });
    // Known once there is something to read.
    return pulumi.all([secret.arn, version.versionId]).apply(([arn]) => arn);
  }
}

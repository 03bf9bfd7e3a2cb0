import { LogGroup } from "@pulumi/aws/cloudwatch/logGroup.js";
import { SecurityGroup } from "@pulumi/aws/ec2/securityGroup.js";
import { Cluster } from "@pulumi/aws/rds/cluster.js";
import type { ClusterInstance } from "@pulumi/aws/rds/clusterInstance.js";
import { ClusterParameterGroup } from "@pulumi/aws/rds/clusterParameterGroup.js";
import { ParameterGroup } from "@pulumi/aws/rds/parameterGroup.js";
import { SubnetGroup } from "@pulumi/aws/rds/subnetGroup.js";
import * as pulumi from "@pulumi/pulumi";
import { RandomId } from "@pulumi/random/randomId.js";
import { requireBetween, requireSteps } from "../shared/checks.ts";
import { backedUp, named, type Tags } from "../shared/tags.ts";
import { auroraInstance } from "./aurora-instance.ts";
import { clusterParameters, instanceParameters } from "./parameters.ts";

/** The port on which PostgreSQL listens. */
export const DATABASE_PORT = 5432;

/** What the caller decides about a {@link Database}. */
export interface DatabaseArgs {
  /** The VPC of the subnets. */
  readonly vpcId: pulumi.Input<string>;
  /** Subnets in at least two zones, with no way to the internet. A change of the VPC replaces the database. */
  readonly subnetIds: readonly pulumi.Input<string>[];
  /** ARN of the KMS key of storage, snapshots, password and insights. A change replaces the database. */
  readonly keyArn: pulumi.Input<string>;
  /** The database made in the empty cluster. A change replaces the cluster. */
  readonly databaseName: string;
  /** PostgreSQL's version as Aurora names it, `major.minor`. */
  readonly version: string;
  /** Least capacity in ACU (2 GiB of memory each), in halves. 0 lets the database pause when nobody is connected; the next one waits some 15 s. */
  readonly minAcu: number;
  /** Most capacity in ACU, in halves. */
  readonly maxAcu: number;
  /** Days back to which the database can be restored, to the second. @default 14 */
  readonly backupDays?: number;
  /** ARN of the KMS key of the database's log; its policy must let CloudWatch Logs in. */
  readonly logKeyArn: pulumi.Input<string>;
  /** Days for which the database's log is kept: slow queries, lock waits, errors. */
  readonly logDays: number;
  /** Whether the database refuses to be deleted, by Pulumi and by AWS. @default true */
  readonly protect?: boolean;
  /** Put on everything that takes tags. */
  readonly tags: Tags;
}

/**
 * Aurora PostgreSQL Serverless v2 with one instance: storage in three zones, grows and shrinks with the load, restorable to any second of the last days.
 *
 * The master password is made, kept in Secrets Manager and rotated by AWS; it is in no state file. Connections are encrypted or refused. Queries slower than
 * half a second are logged. The logical names are the same in every stage: readers, proxies and global clusters are added beside these resources.
 *
 * When it is deleted on purpose, a final snapshot is always taken first.
 *
 * **Cost**: 0.14 USD an ACU and hour, so 51 USD a month at 0.5 ACU all the time and 102 USD for each ACU; 0.119 USD a GB and month of storage; 0.22 USD for a
 * million reads or writes; 0.63 USD a GB of log (Frankfurt).
 */
export class Database extends pulumi.ComponentResource {
  /** The writer's `host:port`; stays the same when the instance behind it changes. */
  readonly endpoint: pulumi.Output<string>;
  /** Secret whose JSON holds `username` and `password`. */
  readonly secretArn: pulumi.Output<string>;
  /** Group to which a client's group must be let in; see {@link DATABASE_PORT}. */
  readonly securityGroupId: pulumi.Output<string>;
  /** The zone of the first instance, beside which readers stand in others; known once it is there. */
  readonly writerZone: pulumi.Output<string>;
  /** What holds for each instance, also for the readers that a later stage adds. */
  readonly parameterGroupName: pulumi.Output<string>;
  /** Main child, for alarms and for what a later stage adds. */
  readonly cluster: Cluster;

  readonly #name: string;
  readonly #args: DatabaseArgs;

  constructor(name: string, args: DatabaseArgs, opts?: pulumi.ComponentResourceOptions) {
    requireBetween(`Database "${name}": minAcu`, args.minAcu, 0, 256);
    requireBetween(`Database "${name}": maxAcu`, args.maxAcu, Math.max(1, args.minAcu), 256);
    requireSteps(`Database "${name}": minAcu`, args.minAcu, 0.5);
    requireSteps(`Database "${name}": maxAcu`, args.maxAcu, 0.5);
    requireBetween(`Database "${name}": backupDays`, args.backupDays ?? 14, 1, 35);
    super("platform:database:Database", name, {}, opts);
    this.#name = name;
    this.#args = args;

    const group = this.#securityGroup();
    this.securityGroupId = group.id;
    this.cluster = this.#cluster();
    const parameters = this.#parameters();
    this.parameterGroupName = parameters.name;
    this.writerZone = this.#instance(parameters).availabilityZone;

    this.endpoint = pulumi.interpolate`${this.cluster.endpoint}:${this.cluster.port}`;
    this.secretArn = this.cluster.masterUserSecrets.apply((secrets) => secrets[0]?.secretArn ?? "");
    this.registerOutputs({ endpoint: this.endpoint, secretArn: this.secretArn, securityGroupId: this.securityGroupId });
  }

  get #family(): string {
    return `aurora-postgresql${this.#args.version.split(".")[0] ?? ""}`;
  }

  #securityGroup(): SecurityGroup {
    const name = `${this.#name}-access`;
    const description = "PostgreSQL, from the clients that are let in one by one";
    return new SecurityGroup(
      name,
      { vpcId: this.#args.vpcId, description, tags: named(name, this.#args.tags) },
      { parent: this },
    );
  }

  #cluster(): Cluster {
    const {
      backupDays = 14,
      databaseName,
      logDays,
      logKeyArn,
      keyArn,
      maxAcu,
      minAcu,
      protect = true,
      subnetIds,
      tags,
      version,
    } = this.#args;
    const name = this.#name;
    const child = { parent: this };
    const subnets = new SubnetGroup(
      `${name}-subnets`,
      { subnetIds: [...subnetIds], description: "The data subnets", tags },
      child,
    );
    const parameters = new ClusterParameterGroup(
      `${name}-cluster-parameters`,
      { family: this.#family, description: "What holds for the whole cluster", parameters: clusterParameters(), tags },
      child,
    );
    // Aurora would make this group by itself, unencrypted and kept for ever.
    const log = new LogGroup(
      `${name}-log`,
      { name: `/aws/rds/cluster/${name}/postgresql`, kmsKeyId: logKeyArn, retentionInDays: logDays, tags },
      child,
    );
    // Snapshots outlive their cluster and their names are unique in the region, so each cluster has its own.
    const suffix = new RandomId(`${name}-final-snapshot`, { byteLength: 4 }, child);
    return new Cluster(
      `${name}-cluster`,
      {
        clusterIdentifier: name,
        engine: "aurora-postgresql",
        engineMode: "provisioned",
        engineVersion: version,
        databaseName,
        port: DATABASE_PORT,
        dbSubnetGroupName: subnets.name,
        dbClusterParameterGroupName: parameters.name,
        vpcSecurityGroupIds: [this.securityGroupId],
        serverlessv2ScalingConfiguration: { minCapacity: minAcu, maxCapacity: maxAcu },
        masterUsername: "platform",
        manageMasterUserPassword: true,
        masterUserSecretKmsKeyId: keyArn,
        iamDatabaseAuthenticationEnabled: true,
        storageEncrypted: true,
        kmsKeyId: keyArn,
        backupRetentionPeriod: backupDays,
        preferredBackupWindow: "02:00-03:00",
        preferredMaintenanceWindow: "sun:03:30-sun:04:30",
        copyTagsToSnapshot: true,
        deleteAutomatedBackups: !protect,
        deletionProtection: protect,
        skipFinalSnapshot: false,
        finalSnapshotIdentifier: pulumi.interpolate`${name}-final-${suffix.hex}`,
        enabledCloudwatchLogsExports: ["postgresql"],
        tags: backedUp(tags),
      },
      { parent: this, protect, dependsOn: [log] },
    );
  }

  #parameters(): ParameterGroup {
    const { tags } = this.#args;
    return new ParameterGroup(
      `${this.#name}-parameters`,
      { family: this.#family, description: "What holds for each instance", parameters: instanceParameters(), tags },
      { parent: this },
    );
  }

  #instance(parameters: ParameterGroup): ClusterInstance {
    const { keyArn, protect = true, tags, version } = this.#args;
    const args = { clusterIdentifier: this.cluster.id, parameterGroupName: parameters.name, keyArn, tags, version };
    return auroraInstance(`${this.#name}-instance-1`, { identifier: `${this.#name}-1`, ...args }, { parent: this, protect });
  }
}

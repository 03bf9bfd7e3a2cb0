import { Policy } from "@pulumi/aws/appautoscaling/policy.js";
import { Target } from "@pulumi/aws/appautoscaling/target.js";
import type { ClusterInstance } from "@pulumi/aws/rds/clusterInstance.js";
import * as pulumi from "@pulumi/pulumi";
import { requireBetween } from "../shared/checks.ts";
import { copied, type Tags } from "../shared/tags.ts";
import { auroraInstance } from "./aurora-instance.ts";

/** An Aurora cluster, as far as its readers need to know it. */
export interface ReadCluster {
  readonly id: pulumi.Input<string>;
  readonly clusterIdentifier: pulumi.Input<string>;
  readonly readerEndpoint: pulumi.Input<string>;
  readonly port: pulumi.Input<number>;
}

/** What the caller decides about {@link ReadReplicas}. */
export interface ReadReplicasArgs {
  /** The cluster that they read from: the main child of a `Database`. */
  readonly cluster: ReadCluster;
  /** PostgreSQL's version as Aurora names it, that of the writer. */
  readonly version: string;
  /** ARN of the KMS key of Performance Insights. */
  readonly keyArn: pulumi.Input<string>;
  /** The parameter group of the writer. */
  readonly parameterGroupName: pulumi.Input<string>;
  /** The zones of the cluster's subnets, in an order that never changes. */
  readonly zones: readonly string[];
  /** The zone of the writer, in which no reader stands. A change replaces readers. */
  readonly writerZone: pulumi.Input<string>;
  /** Readers that are always there, 1 to 15; the second one keeps reads away from the writer while the first one takes its place. @default 2 */
  readonly readers?: number;
  /** Most readers when the load grows, 15 at most. @default - two more than `readers` */
  readonly maxReaders?: number;
  /** Readers are added above this mean use of their processors, in percent. @default 60 */
  readonly cpuPercent?: number;
  /** Put on everything that takes tags. */
  readonly tags: Tags;
}

/** Aurora takes 15 readers beside its writer (Aurora user guide, "Replication with Amazon Aurora"). */
const MOST_READERS = 15;

/**
 * Readers of an Aurora cluster in other zones than its writer: they take reads, and one of them takes the writer's place when that fails, within half a minute and with nothing
 * lost, as all of them share the cluster's storage.
 *
 * The first reader has as much capacity as the writer at any time, so that it can take over at full load (promotion tier 1); the others follow their own load. More are added by
 * themselves when the readers are busy, and go again. What a reader answers may be some milliseconds old: whoever must see their own write asks the writer.
 *
 * Readers hold nothing of their own, so they can go at any time. Those that were added by themselves are not in the stack: before the cluster itself is deleted, let `maxReaders` be
 * `readers` and wait until they are gone.
 *
 * **Cost**: each reader 0.14 USD an ACU and hour, so 51 USD a month at 0.5 ACU all the time and 102 USD for each ACU (Frankfurt); no further storage.
 */
export class ReadReplicas extends pulumi.ComponentResource {
  /** `host:port` that leads to one reader or another; known once all of `readers` are there. */
  readonly endpoint: pulumi.Output<string>;

  readonly #name: string;
  readonly #args: ReadReplicasArgs;

  constructor(name: string, args: ReadReplicasArgs, opts?: pulumi.ComponentResourceOptions) {
    const { cluster, cpuPercent = 60, readers = 2 } = args;
    const { maxReaders = Math.min(readers + 2, MOST_READERS) } = args;
    const what = `ReadReplicas "${name}"`;
    requireBetween(`${what}: readers`, readers, 1, MOST_READERS);
    requireBetween(`${what}: maxReaders`, maxReaders, readers, MOST_READERS);
    requireBetween(`${what}: cpuPercent`, cpuPercent, 10, 90);
    super("platform:database:ReadReplicas", name, {}, opts);
    this.#name = name;
    this.#args = args;

    const instances = Array.from({ length: readers }, (_, index) => this.#reader(index));
    if (maxReaders > readers) this.#grow(instances, readers, maxReaders, cpuPercent);

    const known = pulumi.all([cluster.readerEndpoint, cluster.port, ...instances.map(({ id }) => id)]);
    this.endpoint = known.apply(([host, port]) => `${host}:${port}`);
    this.registerOutputs({ endpoint: this.endpoint });
  }

  #reader(index: number): ClusterInstance {
    const { cluster, keyArn, parameterGroupName, tags, version, writerZone, zones } = this.#args;
    return auroraInstance(
      `${this.#name}-instance-${index + 1}`,
      {
        identifier: `${this.#name}-${index + 1}`,
        clusterIdentifier: cluster.id,
        version,
        parameterGroupName,
        keyArn,
        zone: pulumi.output(writerZone).apply((writer) => zoneOf(index, zones, writer)),
        // Aurora lets tiers 0 and 1 grow and shrink with the writer, and all others by themselves.
        promotionTier: index === 0 ? 1 : 2,
        tags: copied(tags),
      },
      { parent: this },
    );
  }

  #grow(instances: readonly ClusterInstance[], minCapacity: number, maxCapacity: number, targetValue: number): void {
    const { cluster, tags } = this.#args;
    const resource = {
      serviceNamespace: "rds",
      scalableDimension: "rds:cluster:ReadReplicaCount",
      resourceId: pulumi.interpolate`cluster:${cluster.clusterIdentifier}`,
    };
    const target = new Target(
      `${this.#name}-count`,
      { ...resource, minCapacity, maxCapacity, tags },
      // Too few readers at that moment, and Auto Scaling would make the missing ones itself.
      { parent: this, dependsOn: [...instances] },
    );
    new Policy(
      `${this.#name}-cpu`,
      {
        ...resource,
        resourceId: target.resourceId,
        policyType: "TargetTrackingScaling",
        targetTrackingScalingPolicyConfiguration: {
          predefinedMetricSpecification: { predefinedMetricType: "RDSReaderAverageCPUUtilization" },
          targetValue,
          scaleOutCooldown: 300,
          // A reader takes minutes to come, so it does not go at the first lull.
          scaleInCooldown: 900,
        },
      },
      { parent: this },
    );
  }
}

/** The zone of a reader: the ones without the writer, in turn. */
export function zoneOf(index: number, zones: readonly string[], writer: string): string {
  const others = zones.filter((zone) => zone !== writer);
  return others[index % others.length] ?? writer;
}

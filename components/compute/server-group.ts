import { Group, type GroupArgs } from "@pulumi/aws/autoscaling/group.js";
import type { LaunchTemplate } from "@pulumi/aws/ec2/launchTemplate.js";
import type { SecurityGroup } from "@pulumi/aws/ec2/securityGroup.js";
import * as pulumi from "@pulumi/pulumi";
import { requireBetween } from "../shared/checks.ts";
import { named, type Tags } from "../shared/tags.ts";
import { renderCloudInit } from "./cloud-init.ts";
import { FIND_GROUP, HostMetrics } from "./host-metrics.ts";
import { ecrRepository } from "./image.ts";
import { architecture } from "./instance-type.ts";
import { type Reach, serverAccess } from "./server-access.ts";
import type { AppAccess } from "./server-permissions.ts";
import { requireDisk, serverTemplate } from "./server-template.ts";
import { appUnit } from "./server-units.ts";
import { collectorUnit, COLLECTOR_ENDPOINT, SEND_TRACES } from "./trace-collector.ts";
import { sayReady, setUpFiles, START_SET_UP, type WarmPool, warmPoolOf } from "./warm-pool.ts";

/** What the caller decides about any group of servers. */
export interface ServerGroupArgs {
  /** Where the servers stand, such as `eu-central-1`. */
  readonly region: string;
  /** The VPC of the subnets. */
  readonly vpcId: pulumi.Input<string>;
  /** Private subnets with a way out, each in a zone of its own. */
  readonly subnetIds: readonly pulumi.Input<string>[];
  /** Amazon Linux 2023 for the processor of the instance types. */
  readonly amiId: string;
  /** Instance types of one architecture, such as `m7g.large`, the preferred one first: where it is sold out, the next one serves. */
  readonly instanceTypes: readonly [string, ...string[]];
  /** Size of a server's disk, which holds the system, images and nothing else. @default 20 */
  readonly diskGib?: number;
  /** The product's container image. */
  readonly image: string;
  /** The product's environment, beside `PORT`, `HOST` and the trust in Aurora. */
  readonly environment: Readonly<Record<string, pulumi.Input<string>>>;
  /** What the product may use. */
  readonly access: AppAccess;
  /** What the servers speak to inside the network, by role, such as `database` and `cache`. */
  readonly reaches: Readonly<Record<string, Reach>>;
  /** Least servers; two survive the loss of one, three that of a zone without overload. @default 2 */
  readonly minServers?: number;
  /** Most servers. @default 6 */
  readonly maxServers?: number;
  /** Percent of the servers above the least that are Spot instances: cheaper, and taken back by AWS at two minutes' notice. @default 0 */
  readonly spotPercent?: number;
  /** Whether a collector on each server passes the product's traces on to X-Ray, and the share that it keeps of those that neither failed nor were slow. @default - no traces */
  readonly traces?: { readonly sampledPercent: number };
  /** Names of alarms that turn a release back when one goes off while it is rolled out. @default - only failing health checks do */
  readonly rollbackAlarms?: readonly pulumi.Input<string>[];
  /** Put on everything that takes tags. */
  readonly tags: Tags;
}

/** What differs between kinds of groups. */
export interface GroupKind {
  /** What AWS shows of the security group. */
  readonly description: string;
  /** The product's environment where the caller says nothing else. */
  readonly environment: Readonly<Record<string, string>>;
  /** Seconds that the product has to end what it began. */
  readonly stopSeconds: number;
  /** Where servers are set up before they are needed. @default - servers are set up when they are needed */
  readonly warm?: WarmPool & { readonly servers: number };
  /** How the group finds out that a server is ill, and where it puts servers. */
  readonly health: Pick<GroupArgs, "healthCheckType" | "healthCheckGracePeriod" | "minElbCapacity" | "targetGroupArns">;
}

/** A group of servers, and the security group before them. */
export interface ServerGroup {
  readonly group: Group;
  readonly securityGroup: SecurityGroup;
}

/** Refuses sizes that make no group, and instance types that no one image fits. */
export function requireGroup(what: string, args: ServerGroupArgs): void {
  const { diskGib, instanceTypes, maxServers = 6, minServers = 2, spotPercent = 0 } = args;
  requireDisk(what, diskGib);
  requireBetween(`${what}: minServers`, minServers, 1, 1000);
  requireBetween(`${what}: maxServers`, maxServers, minServers, 1000);
  requireBetween(`${what}: spotPercent`, spotPercent, 0, 100);
  if (args.traces) requireBetween(`${what}: traces.sampledPercent`, args.traces.sampledPercent, 0, 100);
  const processors = [...new Set(instanceTypes.map(architecture))];
  if (processors.length > 1)
    throw new RangeError(
      `${what}: instanceTypes are ${instanceTypes.join(", ")}, which are ${processors.join(" and ")}; allowed: one architecture, that of amiId`,
    );
}

/**
 * A group of servers over several zones, as children of `opts.parent`: `<name>-group`, what its servers are made from (see `serverTemplate` and `serverAccess`), and their
 * memory and disk as a whole (`<name>-metrics`).
 *
 * A new image or setting is rolled out by itself: servers come beside the old ones, and take over once they are healthy. When they don't, or an alarm goes off, the
 * group goes back to what it ran before.
 */
export function serverGroup(
  name: string,
  args: ServerGroupArgs,
  kind: GroupKind,
  opts: pulumi.CustomResourceOptions,
): ServerGroup {
  const { instanceTypes, reaches, tags, vpcId } = args;
  const securityGroup = serverAccess(name, { vpcId, description: kind.description, reaches, tags }, opts);
  const parts = {
    securityGroupId: securityGroup.id,
    userData: userData(args, kind),
    instanceType: instanceTypes[0],
    statements: [FIND_GROUP, ...(args.traces ? [SEND_TRACES] : []), ...(kind.warm ? [sayReady(kind.warm)] : [])],
  };
  const template = serverTemplate(name, { ...args, ...parts }, opts);
  const pool = kind.warm && { warmPool: warmPoolOf(kind.warm.servers) };
  const group = new Group(`${name}-group`, { ...shape(name, args, template), ...kind.health, ...pool }, opts);
  new HostMetrics(`${name}-metrics`, { serverName: name, asGroup: true, tags }, opts);
  return { group, securityGroup };
}

function userData({ access, environment, image, region, traces }: ServerGroupArgs, kind: GroupKind): pulumi.Output<string> {
  const ecr = ecrRepository(image);
  return pulumi.all([environment, access.logGroup.name]).apply(([values, group]) => {
    const sends = traces && { OTEL_EXPORTER_OTLP_ENDPOINT: COLLECTOR_ENDPOINT };
    const app = { ...appUnit(image, { ...kind.environment, ...sends, ...values }, region), stopSeconds: kind.stopSeconds };
    const units = traces ? [collectorUnit(region, traces.sampledPercent), app] : [app];
    const warm = kind.warm && { files: setUpFiles(kind.warm), commands: [START_SET_UP] };
    const text = renderCloudInit({ units, logs: { region, group }, ...(ecr && { registries: [ecr.host] }), ...warm });
    return Buffer.from(text).toString("base64");
  });
}

function shape(name: string, args: ServerGroupArgs, template: LaunchTemplate): GroupArgs {
  const { instanceTypes, maxServers = 6, minServers = 2, rollbackAlarms = [], spotPercent = 0, subnetIds, tags } = args;
  return {
    name,
    vpcZoneIdentifiers: [...subnetIds],
    // How many there are between the two is the scaling policies' to say, so no update sets it back.
    minSize: minServers,
    maxSize: maxServers,
    mixedInstancesPolicy: {
      instancesDistribution: {
        onDemandAllocationStrategy: "prioritized",
        onDemandBaseCapacity: minServers,
        onDemandPercentageAboveBaseCapacity: 100 - spotPercent,
        spotAllocationStrategy: "price-capacity-optimized",
      },
      launchTemplate: {
        // A number, not "$Latest": a release that is turned back needs a version to go back to.
        launchTemplateSpecification: { launchTemplateId: template.id, version: template.latestVersion.apply(String) },
        overrides: instanceTypes.map((instanceType) => ({ instanceType })),
      },
    },
    capacityRebalance: spotPercent > 0,
    defaultInstanceWarmup: 60,
    instanceMaintenancePolicy: { minHealthyPercentage: 100, maxHealthyPercentage: 150 },
    instanceRefresh: {
      strategy: "Rolling",
      preferences: {
        minHealthyPercentage: 100,
        maxHealthyPercentage: 150,
        autoRollback: true,
        skipMatching: true,
        ...(rollbackAlarms.length > 0 && { alarmSpecification: { alarms: [...rollbackAlarms] } }),
      },
    },
    enabledMetrics: [
      "GroupDesiredCapacity",
      "GroupInServiceInstances",
      "GroupMaxSize",
      "GroupMinSize",
      "GroupPendingInstances",
      "GroupTerminatingInstances",
    ],
    waitForCapacityTimeout: "10m",
    // The template tags the servers; these are the group's own.
    tags: Object.entries(named(name, tags)).map(([key, value]) => ({ key, value, propagateAtLaunch: false })),
  };
}

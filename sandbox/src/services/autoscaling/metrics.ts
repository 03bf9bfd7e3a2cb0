import type { Cloud } from "../../core/cloud.ts";
import type { Resource } from "../../core/definition.ts";
import { texts } from "../../core/values.ts";
import { statisticSeries } from "../cloudwatch/metric-data.ts";
import { groupSettings } from "./group-settings.ts";
import { type Member, membersOf, unitsOf } from "./members.ts";
import { GROUP } from "./names.ts";

const NAMESPACE = "AWS/AutoScaling";
/** What EC2 publishes of its instances by group too, and the sandbox measures. */
const OF_EC2 = { name: "CPUUtilization", unit: "Percent" } as const;

const isPending = ({ state }: Member): boolean => state.startsWith("Pending");
const isInService = ({ state }: Member): boolean => state === "InService";
const isTerminating = ({ state }: Member): boolean => state.startsWith("Terminating");
const isStandby = (): boolean => false;

/** What a metric counts of a group (Amazon EC2 Auto Scaling User Guide, "Amazon EC2 Auto Scaling metrics"). */
type Count = (
  members: readonly Member[],
  size: { readonly min: number; readonly max: number; readonly desired: number },
) => number;

const instances =
  (counts: (member: Member) => boolean): Count =>
  (members) =>
    members.filter(counts).length;

const capacity =
  (counts: (member: Member) => boolean): Count =>
  (members) =>
    unitsOf(members.filter(counts));

/** The metrics that a group can have, by name. */
export const GROUP_METRICS: Readonly<Record<string, Count>> = {
  GroupMinSize: (_members, { min }) => min,
  GroupMaxSize: (_members, { max }) => max,
  GroupDesiredCapacity: (_members, { desired }) => desired,
  GroupInServiceInstances: instances(isInService),
  GroupPendingInstances: instances(isPending),
  GroupStandbyInstances: instances(isStandby),
  GroupTerminatingInstances: instances(isTerminating),
  GroupTotalInstances: instances(() => true),
  GroupInServiceCapacity: capacity(isInService),
  GroupPendingCapacity: capacity(isPending),
  GroupStandbyCapacity: capacity(isStandby),
  GroupTerminatingCapacity: capacity(isTerminating),
  GroupTotalCapacity: capacity(() => true),
};

/** Publishes how large groups are, for those that want it, and how busy their instances are. */
export class GroupMetrics {
  private readonly cloud: Cloud;

  constructor(cloud: Cloud) {
    this.cloud = cloud;
  }

  /** Publishes the minute that began at `minute`. What EC2 publishes of the instances must stand in the store already. */
  collect(minute: number): void {
    for (const group of this.cloud.world.all(GROUP)) {
      const members = membersOf(this.cloud, group);
      this.sizes(group, members, minute);
      this.load(group, members, minute);
    }
  }

  private sizes(group: Resource, members: readonly Member[], at: number): void {
    const settings = groupSettings(this.cloud, group);
    for (const name of texts(group.inputs, "enabledMetrics")) {
      const value = GROUP_METRICS[name]?.(members, settings);
      if (value !== undefined) this.cloud.putMetric(NAMESPACE, name, dimensionsOf(group), value, { at, region: group.region });
    }
  }

  /** An instance that still warms up says nothing yet about the load that the group bears. */
  private load(group: Resource, members: readonly Member[], at: number): void {
    const { warmupMs } = groupSettings(this.cloud, group);
    const { name, unit } = OF_EC2;
    for (const { id, inServiceAt } of members.filter(isInService)) {
      if (inServiceAt === null || at < inServiceAt + warmupMs) continue;
      const metric = { namespace: "AWS/EC2", name, dimensions: { InstanceId: id }, stat: "Average" };
      const value = statisticSeries(this.cloud, group.region, metric, { starts: [at], seconds: 60 }).get(at);
      if (value !== undefined)
        this.cloud.putMetric("AWS/EC2", name, dimensionsOf(group), value, { unit, at, region: group.region });
    }
  }
}

function dimensionsOf({ id }: Resource): Record<string, string> {
  return { AutoScalingGroupName: id };
}

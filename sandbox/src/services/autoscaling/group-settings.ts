import type { Cloud } from "../../core/cloud.ts";
import type { Resource } from "../../core/definition.ts";
import { isProps, type Props, text, texts, type Value, valuesAt } from "../../core/values.ts";
import { SUBNET } from "../ec2/subnet.ts";
import { type GroupRecord, groupRecord } from "./group-record.ts";

/** Activities of a group that can be suspended (Amazon EC2 Auto Scaling User Guide, "Suspend and resume Amazon EC2 Auto Scaling processes"). */
export const PROCESSES = [
  "Launch",
  "Terminate",
  "HealthCheck",
  "ReplaceUnhealthy",
  "AZRebalance",
  "AlarmNotification",
  "ScheduledActions",
  "AddToLoadBalancer",
  "InstanceRefresh",
] as const;
export type Process = (typeof PROCESSES)[number];

/** A place for instances. */
export interface Place {
  readonly subnet: string;
  readonly zone: string;
}

/** What a group is to be: its inputs, and what has changed of them since. */
export interface GroupSettings extends GroupRecord {
  /** One or more in each zone, in the order in which the program names them. */
  readonly places: readonly Place[];
  /** Whether what its target groups say of an instance counts too. */
  readonly asksBalancers: boolean;
  /** How long nobody looks at the health of an instance that has come into service. */
  readonly graceMs: number;
  readonly cooldownMs: number;
  /** How long a new instance warms up before its measures count. */
  readonly warmupMs: number;
  readonly terminationPolicies: readonly string[];
  /** Whether new instances may not be ended by a smaller group. */
  readonly protects: boolean;
  readonly rebalancesCapacity: boolean;
  /** How long an instance may serve; 0 for as long as it likes. */
  readonly lifetimeMs: number;
  /** Whether the process goes on. */
  readonly runs: (process: Process) => boolean;
}

/** Seconds between two simple scalings unless the program says otherwise (CreateAutoScalingGroup, DefaultCooldown). */
export const DEFAULT_COOLDOWN = 300;

/** What the group is to be now. */
export function groupSettings(cloud: Cloud, group: Resource): GroupSettings {
  const { inputs } = group;
  const suspended = texts(inputs, "suspendedProcesses");
  const seconds = (name: string, otherwise: number): number => 1000 * numberOr(inputs[name], otherwise);
  return {
    ...groupRecord(cloud, group),
    places: placesOf(cloud, group),
    asksBalancers: text(inputs, "healthCheckType") === "ELB",
    graceMs: seconds("healthCheckGracePeriod", 300),
    cooldownMs: seconds("defaultCooldown", DEFAULT_COOLDOWN),
    warmupMs: seconds("defaultInstanceWarmup", 0),
    terminationPolicies: texts(inputs, "terminationPolicies"),
    protects: inputs["protectFromScaleIn"] === true,
    rebalancesCapacity: inputs["capacityRebalance"] === true,
    lifetimeMs: seconds("maxInstanceLifetime", 0),
    // A group that is going ends its instances, whatever is suspended.
    runs: (process) => group.phase === "deleting" || !suspended.includes(process),
  };
}

/** The subnets of a group that still stand, with their zones. */
export function placesOf(cloud: Cloud, { inputs, region }: Pick<Resource, "inputs" | "region">): Place[] {
  return texts(inputs, "vpcZoneIdentifiers").flatMap((id) => {
    const subnet = cloud.world.get(SUBNET, id, region);
    return subnet === undefined || subnet.phase === "deleting"
      ? []
      : [{ subnet: id, zone: text(subnet.outputs, "availabilityZone") }];
  });
}

/** The target groups that a program attaches to the group in its inputs. */
export function targetGroupsOf(inputs: Props): string[] {
  const sources = valuesAt(inputs, "trafficSources[]").filter(isProps);
  return [...new Set([...texts(inputs, "targetGroupArns"), ...sources.map((source) => text(source, "identifier"))])];
}

/** The number, or another where the value is none. */
export function numberOr(value: Value | undefined, otherwise: number): number {
  return typeof value === "number" ? value : otherwise;
}

import type { Cloud } from "../../core/cloud.ts";
import type { Resource } from "../../core/definition.ts";
import type { Props } from "../../core/values.ts";
import type { Space } from "../../core/world.ts";

/** Where an instance stands in its life within a group (Amazon EC2 Auto Scaling User Guide, "Amazon EC2 Auto Scaling instance lifecycle"). */
export type Lifecycle = "Pending" | "Pending:Wait" | "InService" | "Terminating" | "Terminating:Wait" | "Terminating:Proceed";

/** What a lifecycle hook came to. */
export type HookResult = "CONTINUE" | "ABANDON";

/** A lifecycle hook for which an instance waits. */
export type Waiting = {
  readonly hook: string;
  /** By which the answer names the wait. */
  readonly token: string;
  /** When its default result holds, in milliseconds since the epoch. */
  readonly until: number;
  /** Null as long as nobody has answered. */
  readonly result: HookResult | null;
};

/** How an instance is paid for. */
export type Market = "on-demand" | "spot";

/** An instance as its group knows it. */
export type Member = {
  /** The id of the instance. */
  readonly id: string;
  readonly state: Lifecycle;
  /** The Availability Zone that it stands in. */
  readonly zone: string;
  readonly subnet: string;
  readonly type: string;
  /** Units of capacity that it counts for. */
  readonly weight: number;
  readonly market: Market;
  /** The launch template that it was made of. */
  readonly template: string;
  /** The number of that template's version. */
  readonly version: string;
  /** Counts up within the group: who was launched later has more. */
  readonly ordinal: number;
  /** Milliseconds since the epoch. */
  readonly launchedAt: number;
  /** When it came into service, in milliseconds since the epoch; null before. */
  readonly inServiceAt: number | null;
  /** When it was found well for the first time since it came into service, in milliseconds since the epoch; null before. */
  readonly readyAt: number | null;
  /** Since when its status checks fail; null while they pass. */
  readonly failingSince: number | null;
  /** Whether a smaller group may not end it. */
  readonly isProtected: boolean;
  readonly isHealthy: boolean;
  /** Whether it stands beside the group's capacity until an old one goes whose place it takes. */
  readonly isSurge: boolean;
  /** The instance whose place it takes when that goes; empty where it stands for no certain one. */
  readonly replaces: string;
  /** When EC2 takes it back, in milliseconds since the epoch; null where it does not. */
  readonly interruptedAt: number | null;
  /** The mark of the instance refresh that launched it; empty for none. */
  readonly refresh: string;
  /** The id of the scaling activity that is under way for it. */
  readonly activity: string;
  /** The hooks for which it waits; empty where it waits for none. */
  readonly waits: Waiting[];
};

/** The instances of a group, oldest first, warm ones and those that are leaving included. */
export function membersOf(cloud: Cloud, group: Resource): Member[] {
  return kept(cloud)
    .entries(prefixOf(group))
    .map(([, value]) => value as unknown as Member)
    .sort((one, other) => one.ordinal - other.ordinal);
}

/** The instance of that id as its group knows it now; undefined if it is not in the group (any more). */
export function memberNow(cloud: Cloud, group: Resource, id: string): Member | undefined {
  return kept(cloud).get(prefixOf(group) + id) as unknown as Member | undefined;
}

/** Writes an instance of a group down, or what has changed of it. */
export function putMember(cloud: Cloud, group: Resource, member: Member): Member {
  kept(cloud).set(prefixOf(group) + member.id, { ...member });
  return member;
}

/** Forgets an instance of a group; an unknown one is fine. */
export function dropMember(cloud: Cloud, group: Resource, id: string): void {
  kept(cloud).delete(prefixOf(group) + id);
}

/** Whether the instance counts towards the group's capacity: it serves, or is about to. */
export function isAlive({ state }: Member): boolean {
  return state === "Pending" || state === "Pending:Wait" || state === "InService";
}

/** Units of capacity that these are. */
export function unitsOf(members: readonly Member[]): number {
  return members.reduce((sum, { weight }) => sum + weight, 0);
}

function kept(cloud: Cloud): Space<Props> {
  return cloud.world.space<Props>("autoscaling-member");
}

function prefixOf({ region, id }: Resource): string {
  return `${region} ${id} `;
}

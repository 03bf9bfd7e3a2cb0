import type { Cloud } from "../../core/cloud.ts";
import type { Resource } from "../../core/definition.ts";
import type { Props } from "../../core/values.ts";
import type { Space } from "../../core/world.ts";

/** What of a group changes without its program: policies, schedules and operators move its size. */
export type GroupRecord = {
  readonly min: number;
  readonly max: number;
  /** Units of capacity that it is to have. */
  readonly desired: number;
  /** What its next instances are made of: `launchTemplate` or `mixedInstancesPolicy`, as the inputs write them. */
  readonly launch: Props;
  /** The end of the last minute on which its policies have decided, in milliseconds since the epoch. @default - they never have */
  readonly decidedAt?: number;
  /** Until when simple policies change nothing, in milliseconds since the epoch. @default - they may */
  readonly coolsUntil?: number;
  /** Whether its instances are ended at once when it goes: without draining and lifecycle hooks. @default false */
  readonly force?: boolean;
};

/** The record of a group. Throws if there is none: a group has one as long as it stands. */
export function groupRecord(cloud: Cloud, { id, region }: Pick<Resource, "id" | "region">): GroupRecord {
  const found = kept(cloud).get(`${region} ${id}`);
  if (found === undefined) throw new Error(`the Auto Scaling group ${id} has no record`);
  return found;
}

/** Writes the record of a group, new or known. */
export function putGroupRecord(cloud: Cloud, { id, region }: Pick<Resource, "id" | "region">, record: GroupRecord): void {
  kept(cloud).set(`${region} ${id}`, record);
}

/** Forgets the record of a group that is gone. */
export function dropGroupRecord(cloud: Cloud, { id, region }: Pick<Resource, "id" | "region">): void {
  kept(cloud).delete(`${region} ${id}`);
}

function kept(cloud: Cloud): Space<GroupRecord> {
  return cloud.world.space<GroupRecord>("autoscaling-group");
}

import { randomUUID } from "node:crypto";
import type { Cloud } from "../../core/cloud.ts";
import type { Resource } from "../../core/definition.ts";
import type { Props } from "../../core/values.ts";
import type { Space } from "../../core/world.ts";

/** How a scaling activity stands. */
export type ActivityStatus = "InProgress" | "Successful" | "Failed";

/** Something that a group does to its size (Amazon EC2 Auto Scaling API Reference, Activity). */
export type Activity = {
  readonly id: string;
  /** Such as `Launching a new EC2 instance: i-0123456789abcdef0`. */
  readonly description: string;
  /** Why, in the words of Auto Scaling. */
  readonly cause: string;
  readonly status: ActivityStatus;
  /** What went wrong; empty where nothing did. */
  readonly message: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** Milliseconds since the epoch; null while it is under way. */
  readonly endedAt: number | null;
};

/** How many activities of a group are remembered. */
const KEPT = 100;

/** The activities of a group, oldest first. */
export function activitiesOf(cloud: Cloud, group: Resource): Activity[] {
  return kept(cloud)
    .entries(prefixOf(group))
    .map(([, value]) => value as unknown as Activity);
}

/** Begins an activity and gives its id; with a message it has failed at once. */
export function beginActivity(
  cloud: Cloud,
  group: Resource,
  { cause, description, failure }: { readonly cause: string; readonly description: string; readonly failure?: string },
): string {
  const now = cloud.now();
  const at = new Date(now).toISOString().replace(/\.\d+Z$/, "Z");
  const isOver = failure !== undefined;
  const activity: Activity = {
    id: randomUUID(),
    description,
    cause: `At ${at} ${cause}`,
    status: isOver ? "Failed" : "InProgress",
    message: failure ?? "",
    startedAt: now,
    endedAt: isOver ? now : null,
  };
  const entries = kept(cloud).entries(prefixOf(group));
  const [last] = entries.at(-1) ?? [];
  const number = last === undefined ? 1 : Number(last.slice(prefixOf(group).length)) + 1;
  kept(cloud).set(prefixOf(group) + String(number).padStart(12, "0"), { ...activity });
  for (const [key] of entries.slice(0, Math.max(0, entries.length + 1 - KEPT))) kept(cloud).delete(key);
  cloud.note(`The group ${group.id}: ${description}. ${activity.cause}${isOver ? ` Failed: ${failure}` : ""}`);
  return activity.id;
}

/** Ends an activity; one that is not known any more is fine. */
export function endActivity(
  cloud: Cloud,
  group: Resource,
  id: string,
  status: Exclude<ActivityStatus, "InProgress"> = "Successful",
): void {
  const found = kept(cloud)
    .entries(prefixOf(group))
    .find(([, value]) => value["id"] === id);
  if (found !== undefined) kept(cloud).set(found[0], { ...found[1], status, endedAt: cloud.now() });
}

/** Forgets the activities of a group that is gone. */
export function dropActivities(cloud: Cloud, group: Resource): void {
  for (const [key] of kept(cloud).entries(prefixOf(group))) kept(cloud).delete(key);
}

function kept(cloud: Cloud): Space<Props> {
  return cloud.world.space<Props>("autoscaling-activity");
}

function prefixOf({ id, region }: Resource): string {
  return `${region} ${id} `;
}

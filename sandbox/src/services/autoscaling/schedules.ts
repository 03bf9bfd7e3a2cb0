import { Cron } from "croner";
import type { Cloud } from "../../core/cloud.ts";
import type { Resource } from "../../core/definition.ts";
import { type Props, text } from "../../core/values.ts";
import type { Space } from "../../core/world.ts";
import { groupRecord, putGroupRecord } from "./group-record.ts";
import { numberOr } from "./group-settings.ts";
import { SCHEDULE } from "./names.ts";
import type { Round } from "./round.ts";

/** The value that leaves a size as it is. */
const AS_IT_IS = -1;

/** When a scheduled action happens next after a moment, in milliseconds since the epoch; undefined where it does not happen any more. Throws for an expression that is none. */
export function nextRun({ endTime, recurrence, startTime, timeZone }: Props, after: number): number | undefined {
  const [start, end] = [timeOf(startTime), timeOf(endTime)];
  if (typeof recurrence !== "string" || recurrence === "") return start !== undefined && start > after ? start : undefined;
  const cron = new Cron(recurrence, {
    mode: "5-part",
    timezone: typeof timeZone === "string" && timeZone !== "" ? timeZone : "Etc/UTC",
  });
  // The first time may be the moment itself at which the schedule starts.
  const from = Math.max(after, (start ?? 0) - 1);
  const next = cron.nextRun(new Date(from))?.getTime();
  return next === undefined || (end !== undefined && next > end) ? undefined : next;
}

/** Carries out the scheduled actions of a group whose time has come. Of several times that the sandbox did not run through, the last one counts. */
export function keepSchedules(round: Round): void {
  const { cloud, group, settings } = round;
  for (const row of cloud.world.all(SCHEDULE)) {
    if (row.region !== group.region || text(row.inputs, "autoscalingGroupName") !== group.id || row.phase === "deleting")
      continue;
    const now = cloud.now();
    const since = looked(cloud).get(keyOf(row)) ?? now;
    const next = nextRun(row.inputs, since);
    if (next !== undefined && next > now) continue;
    looked(cloud).set(keyOf(row), now);
    if (next !== undefined && settings.runs("ScheduledActions")) resizeBySchedule(round, row);
  }
}

/** Begins to look at a schedule: what was before is over. */
export function beginSchedule(cloud: Cloud, row: Pick<Resource, "region" | "id">): void {
  looked(cloud).set(keyOf(row), cloud.now());
}

/** Forgets a schedule that is gone. */
export function forgetSchedule(cloud: Cloud, row: Resource): void {
  looked(cloud).delete(keyOf(row));
}

function resizeBySchedule({ cloud, group }: Round, { id, inputs }: Resource): void {
  const record = groupRecord(cloud, group);
  const size = (name: string, now: number): number => {
    const asked = numberOr(inputs[name], 0);
    return asked === AS_IT_IS ? now : asked;
  };
  const [min, max] = [size("minSize", record.min), size("maxSize", record.max)];
  const desired = Math.min(max, Math.max(min, size("desiredCapacity", record.desired)));
  putGroupRecord(cloud, group, { ...record, min, max, desired });
  cloud.note(`The group ${group.id} has from ${min} to ${max} instances, and ${desired} now, by its scheduled action ${id}`);
}

function timeOf(value: Props[string]): number | undefined {
  return typeof value === "string" && value !== "" ? Date.parse(value) : undefined;
}

function looked(cloud: Cloud): Space<number> {
  return cloud.world.space<number>("autoscaling-schedule");
}

function keyOf({ id, region }: Pick<Resource, "region" | "id">): string {
  return `${region} ${id}`;
}

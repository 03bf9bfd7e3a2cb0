import type { Cloud } from "../../core/cloud.ts";
import type { Resource } from "../../core/definition.ts";
import { LOG_GROUP, storeKey } from "./log-groups.ts";
import type { LogEvent } from "./log-store.ts";
import { countMatches } from "./metric-filters.ts";
import { telemetry, type PendingLine } from "./telemetry.ts";

/** How long a line may wait for others to be written with. */
const WRITE_AFTER_MS = 200;
const WRITE_AT = 500;
/** The largest event CloudWatch takes, its 26 bytes of overhead included. */
const MAX_EVENT_BYTES = 1024 * 1024 - 26;

const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * Takes in one line of a workload's log, as Docker's awslogs driver sends it: the stream is made when it is missing. Never throws.
 * A line for a group that does not exist is lost, and that is noted once. Filters see the line when it is written, within 0.2 s or when lines or metrics are read.
 */
export function putLog(cloud: Cloud, group: string, stream: string, line: string): void {
  const store = telemetry(cloud);
  const now = cloud.now();
  const message =
    Buffer.byteLength(line) > MAX_EVENT_BYTES ? Buffer.from(line).subarray(0, MAX_EVENT_BYTES).toString("utf8") : line;
  if (message === "") return;
  store.pending.push({ group, stream, at: now, taken: now, message });
  if (store.pending.length >= WRITE_AT) {
    writeLogs(cloud);
    return;
  }
  store.timer ??= setTimeout(() => {
    writeLogs(cloud);
  }, WRITE_AFTER_MS).unref();
}

/** Writes the lines that wait, and counts them where a filter asks for it. */
export function writeLogs(cloud: Cloud): void {
  const store = telemetry(cloud);
  clearTimeout(store.timer);
  store.timer = undefined;
  const lines = store.pending.splice(0);
  for (const [name, events] of Map.groupBy(lines, ({ group }) => group)) {
    const group = cloud.world.all(LOG_GROUP).find((row) => row.id === name && row.phase !== "deleting");
    if (group === undefined) missed(cloud, name, events);
    else attempt(cloud, group, events);
  }
}

/** A full disk, say, must not end the process whose lines these are. */
function attempt(cloud: Cloud, group: Resource, events: readonly PendingLine[]): void {
  try {
    storeEvents(cloud, group, events);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    cloud.note(`CloudWatch Logs could not take in ${String(events.length)} line(s) of ${group.id}: ${reason}`);
  }
}

/** Forgets lines that wait for a group that goes. */
export function dropPending(cloud: Cloud, group: string): void {
  const { pending } = telemetry(cloud);
  pending.splice(0, pending.length, ...pending.filter((line) => line.group !== group));
}

/** Stores events of one group, and counts them. */
export function storeEvents(cloud: Cloud, group: Resource, events: readonly Omit<LogEvent, "id">[]): void {
  if (events.length === 0) return;
  telemetry(cloud).logs.append(storeKey(group), events);
  countMatches(cloud, group, events);
}

/** Drops the events that are older than their group keeps them. */
export function expireLogs(cloud: Cloud): void {
  const { logs } = telemetry(cloud);
  for (const group of cloud.world.all(LOG_GROUP)) {
    const days = group.inputs["retentionInDays"];
    if (typeof days === "number" && days > 0) logs.expire(storeKey(group), cloud.now() - days * DAY_MS);
  }
}

/** The last lines of a group, oldest first: for people. */
export function tailLogs(cloud: Cloud, group: string, limit: number, stream?: string): LogEvent[] {
  writeLogs(cloud);
  const row = cloud.world.all(LOG_GROUP).find(({ id }) => id === group);
  if (row === undefined) return [];
  const streams = stream === undefined ? undefined : [stream];
  return telemetry(cloud).logs.events(storeKey(row), { limit, newestFirst: true, streams }).reverse();
}

function missed(cloud: Cloud, group: string, events: readonly PendingLine[]): void {
  const { missed: known } = telemetry(cloud);
  if (known.has(group)) return;
  known.add(group);
  cloud.note(
    `CloudWatch Logs has no group ${group}: ${String(events.length)} line(s) of ${events[0]?.stream ?? ""} were lost, and so are those to come`,
  );
}

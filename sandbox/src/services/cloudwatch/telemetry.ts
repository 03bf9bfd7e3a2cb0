import type { Cloud } from "../../core/cloud.ts";
import type { World } from "../../core/world.ts";
import { FilterCounts } from "./filter-counts.ts";
import { LogStore, type LogEvent } from "./log-store.ts";
import { MetricStore } from "./metric-store.ts";

/** A line that was taken in and waits to be written with others. */
export interface PendingLine extends Omit<LogEvent, "id"> {
  readonly group: string;
}

/** What CloudWatch holds for one sandbox. */
export interface Telemetry {
  readonly logs: LogStore;
  readonly metrics: MetricStore;
  readonly counts: FilterCounts;
  readonly pending: PendingLine[];
  /** Fires when pending lines are to be written. */
  timer: NodeJS.Timeout | undefined;
  /** Groups that lines came for in vain, so that it is said once. */
  readonly missed: Set<string>;
}

// By the world, of which there is one for each sandbox however often its Cloud object is copied.
const open = new WeakMap<World, Telemetry>();

/** The stores of this sandbox, opened when first asked for. */
export function telemetry(cloud: Cloud): Telemetry {
  const known = open.get(cloud.world);
  if (known !== undefined) return known;
  const made: Telemetry = {
    logs: new LogStore(cloud.home),
    metrics: new MetricStore(cloud.home),
    counts: new FilterCounts(),
    pending: [],
    timer: undefined,
    missed: new Set(),
  };
  open.set(cloud.world, made);
  return made;
}

/** The stores if they are open. */
export function openTelemetry(cloud: Cloud): Telemetry | undefined {
  return open.get(cloud.world);
}

/** Forgets the stores after they were closed. */
export function forgetTelemetry(cloud: Cloud): void {
  open.delete(cloud.world);
}

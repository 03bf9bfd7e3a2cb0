import type { Cloud } from "../../core/cloud.ts";
import { alarmState, evaluationRange } from "../cloudwatch/alarm-state.ts";
import { metricData } from "../cloudwatch/metric-data.ts";
import { seriesOf } from "../cloudwatch/metric-math.ts";
import type { TrackedMetric } from "./policy-metric.ts";

const MINUTE_MS = 60_000;

/** The two alarms that Auto Scaling makes for such a policy: it grows after three minutes above the target, and shrinks after fifteen well below. */
const HIGH = { evaluationPeriods: 3, datapointsToAlarm: 3, treatMissingData: "missing" } as const;
const LOW = { evaluationPeriods: 15, datapointsToAlarm: 15, treatMissingData: "missing" } as const;
/** Below this share of the target the capacity is too large. */
const LOW_SHARE = 0.9;

/** What a target tracking policy wants. */
export interface Reading {
  /** `none` is also what a policy wants that has too little data: then nothing shrinks. */
  readonly wants: "more" | "less" | "none";
  /** The value that counts: the newest one for growing, the highest of all for shrinking. */
  readonly value: number;
}

/**
 * Reads a policy's metric as it stands when the minute before `end` is over. Source: Amazon EC2 Auto Scaling User Guide, "Target tracking scaling policies": it grows
 * fast and shrinks slowly, and does neither without data.
 */
export function readTracking(cloud: Cloud, region: string, metric: TrackedMetric, target: number, end: number): Reading {
  const count = evaluationRange(LOW);
  const starts = Array.from({ length: count }, (_, index) => end - (count - index) * MINUTE_MS);
  const found = metricData(cloud, region, metric.queries, { starts, seconds: 60 }).get(metric.watched);
  const values = seriesOf(found ?? new Map<number, number>(), { periods: starts });
  const points = (breaches: (value: number) => boolean, range: number): (boolean | undefined)[] =>
    starts.slice(-range).map((start) => {
      const value = values.get(start);
      return value === undefined || Number.isNaN(value) ? undefined : breaches(value);
    });
  const newest = starts.map((start) => values.get(start)).findLast((value) => value !== undefined && !Number.isNaN(value)) ?? 0;
  const high = alarmState(
    points((value) => value > target, evaluationRange(HIGH)),
    HIGH,
    "OK",
  );
  if (high === "ALARM") return { wants: "more", value: newest };
  const low = alarmState(
    points((value) => value < target * LOW_SHARE, count),
    LOW,
    "OK",
  );
  if (low !== "ALARM") return { wants: "none", value: newest };
  return { wants: "less", value: Math.max(...starts.slice(-LOW.evaluationPeriods).map((start) => values.get(start) ?? 0)) };
}

/** The capacity with which the metric would be at its target, if it falls and rises with the capacity; never less than one that would be above. */
export function capacityFor(capacity: number, value: number, target: number): number {
  return Math.ceil((capacity * value) / target);
}

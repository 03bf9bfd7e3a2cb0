import type { Cloud, PointOptions } from "../../core/cloud.ts";
import { openTelemetry, forgetTelemetry, telemetry } from "./telemetry.ts";
import { writeLogs } from "./logs.ts";

/** Publishes one data point, or several of one value. Throws `LimitExceededFault` only, when there are too many different metrics. */
export function putMetric(
  cloud: Cloud,
  namespace: string,
  name: string,
  dimensions: Readonly<Record<string, string>>,
  value: number,
  { unit = "None", at = cloud.now(), region = "", count = 1 }: PointOptions = {},
): void {
  telemetry(cloud).metrics.record({ namespace, name, dimensions, unit, region }, at, (points) => {
    points.add(value, count);
  });
}

/** Brings everything that came in up to now to the metrics: waiting lines, and the defaults of filters for minutes that are over. */
export function settleMetrics(cloud: Cloud): void {
  writeLogs(cloud);
  telemetry(cloud).counts.settle(cloud.now());
}

/** Writes everything to disk and closes the files. The daemon calls it last; using CloudWatch again opens them again. */
export function closeCloudWatch(cloud: Cloud): void {
  const store = openTelemetry(cloud);
  if (store === undefined) return;
  settleMetrics(cloud);
  store.metrics.close();
  store.logs.close();
  forgetTelemetry(cloud);
}

import { CloudError } from "../../core/definition.ts";
import type { InputReader, TextRule } from "./input-reader.ts";
import type { Periods } from "./metric-data.ts";
import { MINUTE_MS } from "./metric-store.ts";
import { UNITS } from "./units.ts";

/** Source: CloudWatch API reference: MetricDatum, Dimension, MetricStat. */
export const NAMESPACE: TextRule = { most: 255, pattern: /^[^:]/ };
export const METRIC_NAME: TextRule = { most: 255 };
export const UNIT: TextRule = { among: UNITS };
const DIMENSION_NAME: TextRule = { most: 255 };
const DIMENSION_VALUE: TextRule = { most: 1024 };
const MAX_DIMENSIONS = 30;
const DAY_SECONDS = 24 * 60 * 60;

/** The dimensions of a metric. */
export function dimensionsIn(read: InputReader): Record<string, string> {
  const pairs = read
    .each("Dimensions", 0, MAX_DIMENSIONS)
    .map((one) => [one.text("Name", DIMENSION_NAME), one.text("Value", DIMENSION_VALUE)] as const);
  return Object.fromEntries(pairs);
}

/** The seconds of a period. */
export function periodIn(read: InputReader): number {
  return read.integer("Period", 1, DAY_SECONDS);
}

/** Throws for a period that the sandbox cannot give: it keeps data by the minute. */
export function requireMinutes(seconds: number): void {
  if (seconds % 60 !== 0)
    throw invalidValue(
      `The parameter Period must be a multiple of 60 (the sandbox keeps data by the minute), not ${String(seconds)}.`,
    );
}

/** The periods from a time to another, from the start of the first's minute on. Throws `InvalidParameterValueException` for an empty range. */
export function periodsBetween(from: number, to: number, seconds: number): Periods {
  if (from >= to) throw invalidValue("The parameter StartTime must be less than the parameter EndTime.");
  requireMinutes(seconds);
  const first = Math.floor(from / MINUTE_MS) * MINUTE_MS;
  const length = seconds * 1000;
  return { starts: Array.from({ length: Math.ceil((to - first) / length) }, (_, index) => first + index * length), seconds };
}

export function invalidValue(message: string): CloudError {
  return new CloudError("InvalidParameterValueException", message);
}

export function invalidCombination(message: string): CloudError {
  return new CloudError("InvalidParameterCombinationException", message);
}

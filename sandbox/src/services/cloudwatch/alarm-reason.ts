import { breaches, type AlarmSpec } from "./alarm-spec.ts";
import type { AlarmState } from "./alarm-state.ts";
import type { TimeSeries } from "./metric-math.ts";

/** What stands between "was" or "were" and "the threshold". */
const COMPARED: Readonly<Record<string, string>> = {
  GreaterThanOrEqualToThreshold: "greater than or equal to",
  GreaterThanThreshold: "greater than",
  LessThanThreshold: "less than",
  LessThanOrEqualToThreshold: "less than or equal to",
};

/**
 * Why an alarm is in its new state, in CloudWatch's words: the data points named are those that speak for the state, newest first.
 * Where they alone would not have been enough it says how many were missing and what they counted as.
 */
export function reasonFor(spec: AlarmSpec, starts: readonly number[], values: TimeSeries, state: AlarmState): string {
  const { datapointsToAlarm, evaluationPeriods: periods, threshold, treatMissingData } = spec;
  const real = starts.filter((start) => values.has(start)).slice(-periods);
  const missing = periods - real.length;
  if (state === "INSUFFICIENT_DATA") return `Insufficient Data: ${datapoints(missing)} ${were(missing)} unknown.`;
  const deciding = real.filter((start) => breaches(spec, values.get(start)) === (state === "ALARM"));
  const least = state === "ALARM" ? datapointsToAlarm : periods - datapointsToAlarm + 1;
  const filled = treatMissingData === "breaching" || treatMissingData === "notBreaching";
  if (real.length === 0 || (filled && deciding.length < least)) {
    const received = real.length === 0 ? "no datapoints were" : `${datapoints(real.length)} ${were(real.length)}`;
    const treated = treatMissingData === "breaching" ? "[Breaching]" : "[NonBreaching]";
    return `Threshold Crossed: ${received} received for ${counted(periods, "period")} and ${counted(missing, "missing datapoint")} ${were(missing)} treated as ${treated}.`;
  }
  const shown = deciding.reverse().map((start) => `${decimal(values.get(start) ?? 0)} (${dayAndTime(start)})`);
  const compared = `${COMPARED[spec.comparison] ?? spec.comparison} the threshold (${decimal(threshold)})`;
  const verb = `${were(deciding.length)}${state === "ALARM" ? "" : " not"}`;
  const transition = state === "ALARM" ? "OK -> ALARM" : "ALARM -> OK";
  return `Threshold Crossed: ${String(deciding.length)} out of the last ${String(periods)} datapoints [${shown.join(", ")}] ${verb} ${compared} (minimum ${datapoints(least)} for ${transition} transition).`;
}

function datapoints(count: number): string {
  return counted(count, "datapoint");
}

function counted(count: number, noun: string): string {
  return `${String(count)} ${noun}${count === 1 ? "" : "s"}`;
}

function were(count: number): string {
  return count === 1 ? "was" : "were";
}

/** `24/11/26 13:02:00`, as alarms write times. */
function dayAndTime(at: number): string {
  const [day = "", time = ""] = new Date(at).toISOString().split("T");
  return `${day.slice(2).split("-").reverse().join("/")} ${time.slice(0, 8)}`;
}

/** A number as CloudWatch, a Java program, writes it: `5.0`, `0.25`, `1.0E7`. */
function decimal(value: number): string {
  const size = Math.abs(value);
  if (value !== 0 && (size < 1e-3 || size >= 1e7)) {
    const [mantissa = "", exponent = ""] = value.toExponential().split("e");
    return `${mantissa.includes(".") ? mantissa : `${mantissa}.0`}E${String(Number(exponent))}`;
  }
  return Number.isInteger(value) ? `${String(value)}.0` : String(value);
}

import type { Props, Value } from "../../core/values.ts";
import { valuesAt } from "../../core/values.ts";

/** A backup that moves to cold storage stays there at least this long (AWS Backup API Reference, Lifecycle). */
const LEAST_COLD_DAYS = 90;
/** Point-in-time recovery reaches back at most this far (AWS Backup Developer Guide, "Continuous backups"). */
const MOST_CONTINUOUS_DAYS = 35;

const numberAt = (value: Props, path: string): number | undefined => {
  const [found] = valuesAt(value, path);
  return typeof found === "number" ? found : undefined;
};

function lifecycleFault(rule: Props, under: string): string | undefined {
  const cold = numberAt(rule, `${under}coldStorageAfter`);
  const end = numberAt(rule, `${under}deleteAfter`);
  for (const [name, days] of [
    ["coldStorageAfter", cold],
    ["deleteAfter", end],
  ] as const) {
    if (days !== undefined && (days < 1 || !Number.isInteger(days))) return `${name} is ${days}; allowed: 1 day or more`;
  }
  if (cold === undefined || end === undefined || end >= cold + LEAST_COLD_DAYS) return undefined;
  return `invalid lifecycle: deleteAfter (${end}) must be at least ${LEAST_COLD_DAYS} days after coldStorageAfter (${cold}), so ${cold + LEAST_COLD_DAYS} or more`;
}

function windowFault(rule: Props): string | undefined {
  const start = numberAt(rule, "startWindow");
  const completion = numberAt(rule, "completionWindow");
  if (start !== undefined && start < 60) return `startWindow is ${start} minutes; allowed: 60 or more`;
  if (completion === undefined || completion >= (start ?? 60) + 60) return undefined;
  return `completionWindow is ${completion} minutes; it must be at least 60 more than startWindow (${start ?? 60})`;
}

function continuousFault(rule: Props): string | undefined {
  if (rule["enableContinuousBackup"] !== true) return undefined;
  const end = numberAt(rule, "lifecycle.deleteAfter");
  if (numberAt(rule, "lifecycle.coldStorageAfter") !== undefined)
    return "a continuous backup cannot move to cold storage; leave coldStorageAfter out";
  if (end !== undefined && end <= MOST_CONTINUOUS_DAYS) return undefined;
  return `a continuous backup needs lifecycle.deleteAfter from 1 to ${MOST_CONTINUOUS_DAYS} days (given: ${end ?? "none"})`;
}

/** What is wrong within one rule of a plan, or undefined. */
export function ruleFault(rule: Value): string | undefined {
  if (rule === null || typeof rule !== "object" || Array.isArray(rule)) return "a rule must be an object";
  const fault = windowFault(rule) ?? lifecycleFault(rule, "lifecycle.") ?? continuousFault(rule);
  if (fault !== undefined) return fault;
  for (const copy of valuesAt(rule, "copyActions[]")) {
    const copyFault = lifecycleFault(copy as Props, "lifecycle.");
    if (copyFault !== undefined) return `copyActions: ${copyFault}`;
  }
  return undefined;
}

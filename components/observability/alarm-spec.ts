import type { MetricAlarmArgs } from "@pulumi/aws/cloudwatch/metricAlarm.js";
import type * as pulumi from "@pulumi/pulumi";
import type { Severity } from "./alarm-topics.ts";

/** An alarm without its name, its actions and its tags. */
export interface AlarmSpec {
  readonly severity: Severity;
  readonly args: MetricAlarmArgs;
  /** What CloudWatch does by itself when the alarm goes off, beside telling people. @default - nothing */
  readonly acts?: string;
  /** Whether AWS knows it by its logical name, so that a release can be told to look at it before it is there. @default false */
  readonly fixedName?: boolean;
  /** The section of docs/operations/alarms.md that says what to do. @default - the one of the alarm's role */
  readonly runbook?: string;
}

/** Alarms by the role in their names. */
export type Alarms = Readonly<Record<string, AlarmSpec>>;

/** So many failures in a minute at least: at night two unlucky requests of five are no reason to wake somebody. */
export const LEAST_ERRORS = 3;

/** Above a threshold in so many of so many minutes or longer periods. */
export function above(threshold: number, periodSeconds: number, datapointsToAlarm: number, evaluationPeriods: number) {
  return { comparisonOperator: "GreaterThanThreshold", threshold, period: periodSeconds, datapointsToAlarm, evaluationPeriods };
}

/** A number that is reckoned from metrics, for an alarm without a metric of its own. */
export interface Reckoned {
  readonly expression: string;
  /** What people see of it. */
  readonly label: string;
  /** The metrics by the ids that the expression uses. */
  readonly from: Readonly<Record<string, ReckonedMetric>>;
  /** Seconds of which a data point is made. */
  readonly period: number;
}

/** One metric of a {@link Reckoned} number. */
export interface ReckonedMetric {
  readonly namespace: string;
  readonly metricName: string;
  readonly stat: string;
  readonly dimensions?: Readonly<Record<string, pulumi.Input<string>>>;
}

/** The queries of an alarm about a reckoned number. */
export function reckoned({ expression, from, label, period }: Reckoned): NonNullable<MetricAlarmArgs["metricQueries"]> {
  const metrics = Object.entries(from).map(([id, metric]) => ({ id, metric: { ...metric, period }, returnData: false }));
  return [...metrics, { id: "reckoned", expression, label, returnData: true }];
}

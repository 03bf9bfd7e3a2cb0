import type { Cloud } from "../../core/cloud.ts";
import { CloudError, type Resource } from "../../core/definition.ts";
import { publish } from "../sns/publish.ts";
import { alarmMessage, reasonFor } from "./alarm-words.ts";
import { alarmRecord, recordTransition } from "./alarm-record.ts";
import { alarmSpec, COMPARISONS, METRIC_ALARM, type AlarmSpec } from "./alarm-spec.ts";
import { alarmState, evaluationRange, type AlarmState } from "./alarm-state.ts";
import { expireLogs } from "./logs.ts";
import { distributions, metricData, type Periods } from "./metric-data.ts";
import { MINUTE_MS } from "./metric-store.ts";
import { closeCloudWatch, settleMetrics } from "./metrics.ts";
import { telemetry } from "./telemetry.ts";

/** How often the engine looks whether a minute is over. */
const LOOK_MS = 5_000;

/** The running alarm engine. */
export interface Alarms {
  /** Evaluates every alarm on the minutes that are over now, and clears away what is past its time. */
  readonly evaluate: () => void;
  /** Stops the timer, writes what is left and closes the files. */
  readonly close: () => void;
}

/**
 * Starts evaluating all alarms, once a minute as CloudWatch does.
 *
 * Data missing from a time when the sandbox did not run, or before an alarm was made, is held against nobody: until the periods that an alarm looks at lie
 * within its own time it treats missing data as `ignore`. (CloudWatch itself may go off at once where missing data counts as breaching.)
 */
export function startAlarms(cloud: Cloud): Alarms {
  const started = cloud.now();
  let last = Math.floor(started / MINUTE_MS);
  const evaluate = (): void => {
    last = Math.floor(cloud.now() / MINUTE_MS);
    settleMetrics(cloud);
    for (const alarm of cloud.world.all(METRIC_ALARM)) {
      try {
        evaluateAlarm(cloud, alarm, started);
      } catch (error) {
        cloud.note(`The alarm ${alarm.id} could not be evaluated: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    telemetry(cloud).metrics.tidy(cloud.now());
    expireLogs(cloud);
  };
  const timer = setInterval(() => {
    if (Math.floor(cloud.now() / MINUTE_MS) > last) evaluate();
    else telemetry(cloud).metrics.flush();
  }, LOOK_MS).unref();
  return {
    evaluate,
    close: () => {
      clearInterval(timer);
      closeCloudWatch(cloud);
    },
  };
}

/** Changes an alarm's state and performs the actions of the new one; does nothing if it is in that state already. */
export function setAlarmState(cloud: Cloud, alarm: Resource, state: AlarmState, reason: string): void {
  if (alarmRecord(cloud, alarm.region, alarm.id).state === state) return;
  const transition = recordTransition(cloud, alarm.region, alarm.id, state, reason);
  const { actions, actionsEnabled } = alarmSpec(alarm);
  cloud.note(`The alarm ${alarm.id} went from ${transition.from} to ${state}: ${reason}`);
  if (!actionsEnabled) return;
  for (const topicArn of actions[state]) {
    try {
      publish(cloud, {
        topicArn,
        ...alarmMessage(cloud, alarm, transition),
        service: "cloudwatch.amazonaws.com",
        sourceArn: String(alarm.outputs["arn"]),
      });
    } catch (error) {
      if (!(error instanceof CloudError)) throw error;
      cloud.note(`The alarm ${alarm.id} failed to execute its action ${topicArn}: ${error.code}: ${error.message}`);
    }
  }
}

function evaluateAlarm(cloud: Cloud, alarm: Resource, started: number): void {
  const spec = alarmSpec(alarm);
  const record = alarmRecord(cloud, alarm.region, alarm.id);
  const periods = periodsOf(spec, cloud.now());
  const values = metricData(cloud, alarm.region, spec.queries, periods).get(spec.watched) ?? new Map<number, number>();
  const since = Math.max(started, record.created);
  const early = periods.starts
    .slice(-spec.evaluationPeriods)
    .some((start) => start < Math.floor(since / MINUTE_MS) * MINUTE_MS && !values.has(start));
  const rule = early && spec.treatMissingData !== "notBreaching" ? { ...spec, treatMissingData: "ignore" as const } : spec;
  if (spec.ignoreLowSamples && fewSamples(cloud, alarm.region, spec, periods)) return;
  const breaches = COMPARISONS[spec.comparison] ?? (() => false);
  const points = periods.starts.map((start) => {
    const value = values.get(start);
    return value === undefined ? undefined : breaches(value, spec.threshold);
  });
  const state = alarmState(points, rule, record.state);
  if (state !== record.state) setAlarmState(cloud, alarm, state, reasonFor(spec, periods.starts, values, state));
}

/** The periods an alarm looks at: they end with the last minute that is over, and move on with every minute. */
function periodsOf(spec: AlarmSpec, now: number): Periods {
  const end = Math.floor(now / MINUTE_MS) * MINUTE_MS;
  const length = spec.periodSeconds * 1000;
  const count = evaluationRange(spec);
  return { starts: Array.from({ length: count }, (_, index) => end - (count - index) * length), seconds: spec.periodSeconds };
}

/** Whether a percentile stands on too few data points. Source: CloudWatch user guide, "Percentile-based alarms and low data samples". */
function fewSamples(cloud: Cloud, region: string, spec: AlarmSpec, periods: Periods): boolean {
  const query = spec.queries.find(({ id }) => id === spec.watched);
  if (query === undefined || !("metric" in query) || !query.metric.stat.startsWith("p")) return false;
  const share = Number(query.metric.stat.slice(1)) / 100;
  const least = 10 / (share >= 0.5 ? 1 - share : share);
  const found = distributions(cloud, region, query.metric, periods);
  return periods.starts.slice(-spec.evaluationPeriods).reduce((sum, start) => sum + (found.get(start)?.count ?? 0), 0) < least;
}

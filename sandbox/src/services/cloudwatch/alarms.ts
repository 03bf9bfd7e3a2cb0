import type { Cloud } from "../../core/cloud.ts";
import { CloudError, type Resource } from "../../core/definition.ts";
import { text } from "../../core/values.ts";
import { publish } from "../sns/publish.ts";
import { isEc2Action, performEc2Action } from "./alarm-ec2-action.ts";
import { alarmMessage } from "./alarm-message.ts";
import { isScalingAction } from "./alarm-scaling-action.ts";
import { reasonFor } from "./alarm-reason.ts";
import { alarmRecord, recordTransition, type Transition } from "./alarm-record.ts";
import { alarmSpec, breaches, METRIC_ALARM, type AlarmSpec } from "./alarm-spec.ts";
import { alarmState, evaluationRange, type AlarmState } from "./alarm-state.ts";
import { isPercentile } from "./distribution.ts";
import { expireLogs } from "./logs.ts";
import { distributions, metricData, type Periods } from "./metric-data.ts";
import { seriesOf } from "./metric-math.ts";
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
 * Data missing from a time when the sandbox did not run or its machine slept, or before an alarm was made, is held against nobody: until the periods that an
 * alarm looks at lie within its own time it treats missing data as `ignore`. (CloudWatch itself may go off at once where missing data counts as breaching.)
 */
export function startAlarms(cloud: Cloud): Alarms {
  let awakeSince = cloud.now();
  let last = Math.floor(awakeSince / MINUTE_MS);
  // A full disk, say, must end neither the other alarms nor the daemon.
  const attempt = (what: string, work: () => void): void => {
    try {
      work();
    } catch (error) {
      cloud.note(`${what}: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  const evaluate = (): void => {
    last = Math.floor(cloud.now() / MINUTE_MS);
    attempt("CloudWatch could not take in what waited", () => {
      settleMetrics(cloud);
    });
    for (const alarm of cloud.world.all(METRIC_ALARM)) {
      attempt(`The alarm ${alarm.id} could not be evaluated`, () => {
        evaluateAlarm(cloud, alarm, awakeSince);
      });
    }
    attempt("CloudWatch could not write or clear away data", () => {
      telemetry(cloud).metrics.tidy(cloud.now());
      expireLogs(cloud);
    });
  };
  const timer = setInterval(() => {
    const minute = Math.floor(cloud.now() / MINUTE_MS);
    // Looks come every few seconds: who misses a whole minute has slept, and so has what is measured.
    if (minute > last + 1) awakeSince = cloud.now();
    if (minute > last) evaluate();
    else {
      attempt("CloudWatch could not write data", () => {
        telemetry(cloud).metrics.flush();
      });
    }
  }, LOOK_MS).unref();
  return {
    evaluate,
    close: () => {
      clearInterval(timer);
      closeCloudWatch(cloud);
    },
  };
}

/**
 * Changes an alarm's state and performs the actions of the new one, as one change of the world; does nothing if it is in that state already.
 * An action that fails is noted, as CloudWatch puts it into the alarm's history.
 */
export function setAlarmState(cloud: Cloud, alarm: Resource, state: AlarmState, reason: string): void {
  if (alarmRecord(cloud, alarm.region, alarm.id).state === state) return;
  cloud.world.change(() => {
    const transition = recordTransition(cloud, alarm.region, alarm.id, state, reason);
    cloud.note(`The alarm ${alarm.id} went from ${transition.from} to ${state}: ${reason}`);
    const { actions, actionsEnabled } = alarmSpec(alarm);
    for (const action of actionsEnabled ? actions[state] : []) {
      if (isEc2Action(action)) performEc2Action(cloud, alarm, action);
      else if (!isScalingAction(action)) notify(cloud, alarm, action, transition);
    }
  });
}

function notify(cloud: Cloud, alarm: Resource, topicArn: string, transition: Transition): void {
  try {
    publish(cloud, {
      topicArn,
      ...alarmMessage(cloud, alarm, transition),
      service: "cloudwatch.amazonaws.com",
      sourceArn: text(alarm.outputs, "arn"),
    });
  } catch (error) {
    if (!(error instanceof CloudError)) throw error;
    cloud.note(`The alarm ${alarm.id} failed to execute its action ${topicArn}: ${error.code}: ${error.message}`);
  }
}

function evaluateAlarm(cloud: Cloud, alarm: Resource, awakeSince: number): void {
  const spec = alarmSpec(alarm);
  const record = alarmRecord(cloud, alarm.region, alarm.id);
  const periods = periodsOf(spec, cloud.now());
  const value = metricData(cloud, alarm.region, spec.queries, periods).get(spec.watched) ?? new Map<number, number>();
  const values = seriesOf(value, { periods: periods.starts });
  const since = Math.max(awakeSince, record.created);
  const early = periods.starts
    .slice(-spec.evaluationPeriods)
    .some((start) => start < Math.floor(since / MINUTE_MS) * MINUTE_MS && !values.has(start));
  const rule = early && spec.treatMissingData !== "notBreaching" ? { ...spec, treatMissingData: "ignore" as const } : spec;
  if (spec.ignoreLowSamples && fewSamples(cloud, alarm.region, spec, periods)) return;
  const points = periods.starts.map((start) => breaches(spec, values.get(start)));
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

/**
 * Whether a percentile stands on too few data points. Source: CloudWatch user guide, "Percentile-based alarms and low data samples": fewer than
 * 10 / (1 - percentile) from 0.5 on, fewer than 10 / percentile below.
 */
function fewSamples(cloud: Cloud, region: string, spec: AlarmSpec, periods: Periods): boolean {
  const query = spec.queries.find(({ id }) => id === spec.watched);
  if (query === undefined || !("metric" in query) || !isPercentile(query.metric.stat)) return false;
  const percent = Number(query.metric.stat.slice(1));
  const share = percent >= 50 ? 100 - percent : percent;
  const found = distributions(cloud, region, query.metric, periods);
  const samples = periods.starts.slice(-spec.evaluationPeriods).reduce((sum, start) => sum + (found.get(start)?.count ?? 0), 0);
  // Decimal percentages such as 99.9 are not exact in binary.
  return share > 0 && samples * share < 1000 - 1e-6;
}

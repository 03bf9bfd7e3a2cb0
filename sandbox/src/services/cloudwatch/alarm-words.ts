import type { Cloud } from "../../core/cloud.ts";
import type { Resource } from "../../core/definition.ts";
import { text } from "../../core/values.ts";
import type { Transition } from "./alarm-record.ts";
import { alarmSpec, type AlarmSpec } from "./alarm-spec.ts";
import type { AlarmState } from "./alarm-state.ts";
import type { TimeSeries } from "./metric-math.ts";

/** What stands behind the comparison in "datapoints were ... the threshold". */
const COMPARED: Readonly<Record<string, string>> = {
  GreaterThanOrEqualToThreshold: "greater than or equal to",
  GreaterThanThreshold: "greater than",
  LessThanThreshold: "less than",
  LessThanOrEqualToThreshold: "less than or equal to",
};

/** Region names as alarm mails write them; others appear by their code. Source: AWS general reference. */
const REGION_NAMES: Readonly<Record<string, string>> = {
  "ap-northeast-1": "Asia Pacific (Tokyo)",
  "ap-southeast-1": "Asia Pacific (Singapore)",
  "ap-southeast-2": "Asia Pacific (Sydney)",
  "eu-central-1": "EU (Frankfurt)",
  "eu-north-1": "EU (Stockholm)",
  "eu-west-1": "EU (Ireland)",
  "eu-west-2": "EU (London)",
  "eu-west-3": "EU (Paris)",
  "us-east-1": "US East (N. Virginia)",
  "us-east-2": "US East (Ohio)",
  "us-west-2": "US West (Oregon)",
};

/** Why an alarm is in its new state, in CloudWatch's words. */
export function reasonFor(spec: AlarmSpec, starts: readonly number[], values: TimeSeries, state: AlarmState): string {
  const { datapointsToAlarm: needed, evaluationPeriods: periods, threshold, treatMissingData } = spec;
  const real = starts.filter((start) => values.has(start)).slice(-periods);
  const missing = periods - real.length;
  if (state === "INSUFFICIENT_DATA") return `Insufficient Data: ${String(missing)} datapoints were unknown.`;
  const treated = treatMissingData === "breaching" ? "[Breaching]" : "[NonBreaching]";
  if (real.length === 0) {
    return `Threshold Crossed: no datapoints were received for ${String(periods)} periods and ${String(missing)} missing datapoints were treated as ${treated}.`;
  }
  const shown = [...real].reverse().map((start) => `${String(values.get(start))} (${dayAndTime(start)})`);
  const compared = `${COMPARED[spec.comparison] ?? spec.comparison} the threshold (${decimal(threshold)})`;
  const share = `${String(real.length)} out of the last ${String(periods)} datapoints [${shown.join(", ")}]`;
  const tail =
    state === "ALARM"
      ? `(minimum ${String(needed)} datapoint${needed === 1 ? "" : "s"} for OK -> ALARM transition)`
      : `(minimum ${String(periods - needed + 1)} datapoint${periods === needed ? "" : "s"} for ALARM -> OK transition)`;
  return `Threshold Crossed: ${share} were ${state === "ALARM" ? "" : "not all "}${compared} ${tail}.`;
}

/** The mail that an alarm's SNS action sends. Source: CloudWatch user guide, "Alarm notifications". */
export function alarmMessage(
  cloud: Cloud,
  alarm: Resource,
  { at, from, to, reason }: Transition,
): { subject: string; message: string } {
  const spec = alarmSpec(alarm);
  const region = REGION_NAMES[alarm.region] ?? alarm.region;
  const message = {
    AlarmName: alarm.id,
    AlarmDescription: text(alarm.inputs, "alarmDescription") || null,
    AWSAccountId: cloud.account,
    NewStateValue: to,
    NewStateReason: reason,
    StateChangeTime: new Date(at).toISOString().replace("Z", "+0000"),
    Region: region,
    AlarmArn: alarm.outputs["arn"],
    OldStateValue: from,
    OKActions: spec.actions.OK,
    AlarmActions: spec.actions.ALARM,
    InsufficientDataActions: spec.actions.INSUFFICIENT_DATA,
    Trigger: triggerOf(spec),
  };
  return { subject: `${to}: "${alarm.id}" in ${region}`.slice(0, 100), message: JSON.stringify(message) };
}

function triggerOf(spec: AlarmSpec): object {
  const common = {
    Period: spec.periodSeconds,
    EvaluationPeriods: spec.evaluationPeriods,
    DatapointsToAlarm: spec.datapointsToAlarm,
    ComparisonOperator: spec.comparison,
    Threshold: spec.threshold,
    TreatMissingData: spec.treatMissingData,
  };
  const [only, ...others] = spec.queries;
  if (others.length > 0 || only === undefined || !("metric" in only)) return { ...common, Metrics: spec.queries.map(queryWords) };
  const { namespace, name, dimensions, stat, unit } = only.metric;
  return {
    MetricName: name,
    Namespace: namespace,
    Statistic: stat,
    Unit: unit ?? null,
    Dimensions: Object.entries(dimensions).map(([key, value]) => ({ name: key, value })),
    ...common,
  };
}

function queryWords(query: AlarmSpec["queries"][number]): object {
  return "metric" in query ? { Id: query.id, MetricStat: query.metric } : { Id: query.id, Expression: query.expression };
}

/** `24/11/26 13:02:00`, as alarms write times. */
function dayAndTime(at: number): string {
  const [day = "", time = ""] = new Date(at).toISOString().split("T");
  return `${day.slice(2).split("-").reverse().join("/")} ${time.slice(0, 8)}`;
}

function decimal(value: number): string {
  return Number.isInteger(value) ? `${String(value)}.0` : String(value);
}

import type { Cloud } from "../../core/cloud.ts";
import type { Resource } from "../../core/definition.ts";
import { text } from "../../core/values.ts";
import { alarmRecord, type Transition } from "./alarm-record.ts";
import { alarmSpec, type AlarmSpec } from "./alarm-spec.ts";
import { isPercentile } from "./distribution.ts";
import type { MetricStat } from "./metric-data.ts";

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

/** What an alarm's SNS action publishes. Source: CloudWatch user guide, "Notifying users on alarm changes". */
export function alarmMessage(
  cloud: Cloud,
  alarm: Resource,
  { at, from, to, reason }: Transition,
): { readonly subject: string; readonly message: string } {
  const spec = alarmSpec(alarm);
  const region = REGION_NAMES[alarm.region] ?? alarm.region;
  const message = {
    AlarmName: alarm.id,
    AlarmDescription: text(alarm.inputs, "alarmDescription") || null,
    AWSAccountId: cloud.account,
    AlarmConfigurationUpdatedTimestamp: timestamp(alarmRecord(cloud, alarm.region, alarm.id).configured),
    NewStateValue: to,
    NewStateReason: reason,
    StateChangeTime: timestamp(at),
    Region: region,
    AlarmArn: text(alarm.outputs, "arn"),
    OldStateValue: from,
    OKActions: spec.actions.OK,
    AlarmActions: spec.actions.ALARM,
    InsufficientDataActions: spec.actions.INSUFFICIENT_DATA,
    Trigger: triggerOf(spec),
  };
  // A subject is 100 characters of ASCII at most, which an alarm's name need not be.
  const subject = `${to}: "${alarm.id}" in ${region}`.replace(/[^\x20-\x7e]/g, "?").slice(0, 100);
  return { subject, message: JSON.stringify(message) };
}

function triggerOf(spec: AlarmSpec): object {
  const common = {
    Period: spec.periodSeconds,
    EvaluationPeriods: spec.evaluationPeriods,
    DatapointsToAlarm: spec.datapointsToAlarm,
    ComparisonOperator: spec.comparison,
    Threshold: spec.threshold,
    TreatMissingData: spec.treatMissingData,
    EvaluateLowSampleCountPercentile: spec.ignoreLowSamples ? "ignore" : "",
  };
  const [only] = spec.queries;
  if (!spec.single || only === undefined || !("metric" in only)) return { ...common, Metrics: metricsOf(spec) };
  const { namespace, name, stat, unit } = only.metric;
  const statistic = isPercentile(stat)
    ? { StatisticType: "ExtendedStatistic", ExtendedStatistic: stat }
    : { StatisticType: "Statistic", Statistic: stat === "SampleCount" ? "SAMPLE_COUNT" : stat.toUpperCase() };
  const metric = { MetricName: name, Namespace: namespace, ...statistic, Unit: unit ?? null };
  return { ...metric, Dimensions: dimensionsOf(only.metric), ...common };
}

function metricsOf({ periodSeconds, queries, watched }: AlarmSpec): object[] {
  return queries.map((query) => {
    const common = {
      Id: query.id,
      ...(query.label === undefined ? {} : { Label: query.label }),
      ReturnData: query.id === watched,
    };
    if (!("metric" in query)) return { Expression: query.expression, ...common };
    const { name, namespace, stat, unit } = query.metric;
    const metric = { Dimensions: dimensionsOf(query.metric), MetricName: name, Namespace: namespace };
    const ofUnit = unit === undefined ? {} : { Unit: unit };
    return { ...common, MetricStat: { Metric: metric, Period: periodSeconds, Stat: stat, ...ofUnit } };
  });
}

function dimensionsOf({ dimensions }: MetricStat): object[] {
  return Object.entries(dimensions).map(([name, value]) => ({ value, name }));
}

/** `2026-03-01T12:00:00.000+0000`. */
function timestamp(at: number): string {
  return new Date(at).toISOString().replace("Z", "+0000");
}

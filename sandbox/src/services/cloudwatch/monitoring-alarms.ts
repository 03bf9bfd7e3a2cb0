import type { ApiCall } from "../../api/operation.ts";
import { CloudError, type Resource } from "../../core/definition.ts";
import { text, type Props } from "../../core/values.ts";
import { setAlarmState } from "./alarms.ts";
import { alarmRecord } from "./alarm-record.ts";
import { alarmSpec, METRIC_ALARM, type AlarmSpec } from "./alarm-spec.ts";
import type { AlarmState } from "./alarm-state.ts";
import { isPercentile } from "./distribution.ts";
import { InputReader } from "./input-reader.ts";
import type { MetricStat } from "./metric-data.ts";
import { invalidCombination } from "./monitoring-input.ts";

const STATES = ["INSUFFICIENT_DATA", "ALARM", "OK"];
const KINDS = ["CompositeAlarm", "MetricAlarm", "LogAlarm"];
/** Source: CloudWatch API reference, DescribeAlarms. */
const PAGE = { usual: 50, most: 100 };

/** DescribeAlarms, by name. The sandbox has metric alarms only. */
export function describeAlarms(call: ApiCall): Props {
  const read = new InputReader(call.input);
  const names = read.texts("AlarmNames", 100, { most: 255 });
  const prefix = read.optionalText("AlarmNamePrefix", { most: 255 });
  const kinds = read.texts("AlarmTypes", KINDS.length, { among: KINDS });
  const state = read.optionalText("StateValue", { among: STATES });
  const action = read.optionalText("ActionPrefix", { most: 1024 });
  const size = read.optionalInteger("MaxRecords", 1, PAGE.most) ?? PAGE.usual;
  const token = read.optionalText("NextToken");
  read.check("ValidationException");
  for (const name of ["ChildrenOfAlarmName", "ParentsOfAlarmName"])
    if (read.has(name)) throw invalidCombination(`The sandbox has no composite alarms; ${name} cannot be given.`);
  if (names.length > 0 && prefix !== undefined)
    throw invalidCombination("AlarmNames and AlarmNamePrefix cannot be given together.");
  const wanted = (alarm: Resource): boolean =>
    alarm.region === call.region &&
    (kinds.length === 0 || kinds.includes("MetricAlarm")) &&
    (names.length === 0 || names.includes(alarm.id)) &&
    alarm.id.startsWith(prefix ?? "") &&
    (state === undefined || alarmRecord(call.cloud, alarm.region, alarm.id).state === state) &&
    (action === undefined || Object.values(alarmSpec(alarm).actions).some((list) => list.some((arn) => arn.startsWith(action))));
  const alarms = call.cloud.world
    .all(METRIC_ALARM)
    .filter(wanted)
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  const after = token === undefined ? "" : Buffer.from(token, "base64url").toString();
  const rest = alarms.filter(({ id }) => id > after);
  const shown = rest.slice(0, size);
  const next = rest.length > size ? { NextToken: Buffer.from(shown.at(-1)?.id ?? "").toString("base64url") } : {};
  return { MetricAlarms: shown.map((alarm) => describe(call, alarm)), CompositeAlarms: [], ...next };
}

/** SetAlarmState: lasts until the alarm is evaluated next. */
export function setAlarmStateByName({ cloud, input, region }: ApiCall): Props {
  const read = new InputReader(input);
  const name = read.text("AlarmName", { most: 255 });
  const state = read.text("StateValue", { among: STATES });
  const reason = read.text("StateReason", { least: 0, most: 1023 });
  read.check("ValidationException");
  const alarm = cloud.world.get(METRIC_ALARM, name, region);
  if (alarm === undefined) throw new CloudError("ResourceNotFound", `The alarm ${name} does not exist.`, 404);
  setAlarmState(cloud, alarm, state as AlarmState, reason);
  return {};
}

function describe({ cloud }: ApiCall, alarm: Resource): Props {
  const spec = alarmSpec(alarm);
  const { configured, reason, since, state } = alarmRecord(cloud, alarm.region, alarm.id);
  const lowSamples = text(alarm.inputs, "evaluateLowSampleCountPercentiles");
  const description = text(alarm.inputs, "alarmDescription");
  return {
    AlarmName: alarm.id,
    AlarmArn: text(alarm.outputs, "arn"),
    ...(description === "" ? {} : { AlarmDescription: description }),
    AlarmConfigurationUpdatedTimestamp: configured / 1000,
    ActionsEnabled: spec.actionsEnabled,
    OKActions: [...spec.actions.OK],
    AlarmActions: [...spec.actions.ALARM],
    InsufficientDataActions: [...spec.actions.INSUFFICIENT_DATA],
    StateValue: state,
    StateReason: reason,
    StateUpdatedTimestamp: since / 1000,
    StateTransitionedTimestamp: since / 1000,
    EvaluationPeriods: spec.evaluationPeriods,
    DatapointsToAlarm: spec.datapointsToAlarm,
    Threshold: spec.threshold,
    ComparisonOperator: spec.comparison,
    TreatMissingData: spec.treatMissingData,
    ...(lowSamples === "" ? {} : { EvaluateLowSampleCountPercentile: lowSamples }),
    ...watched(spec),
  };
}

function watched(spec: AlarmSpec): Props {
  const [only] = spec.queries;
  if (!spec.single || only === undefined || !("metric" in only))
    return { Metrics: spec.queries.map((query) => queryOf(spec, query)) };
  const { stat, unit } = only.metric;
  return {
    ...metricOf(only.metric),
    ...(isPercentile(stat) ? { ExtendedStatistic: stat } : { Statistic: stat }),
    Period: spec.periodSeconds,
    ...(unit === undefined ? {} : { Unit: unit }),
  };
}

function queryOf(spec: AlarmSpec, query: AlarmSpec["queries"][number]): Props {
  const label = query.label === undefined ? {} : { Label: query.label };
  const common = { Id: query.id, ...label, ReturnData: query.id === spec.watched };
  if (!("metric" in query)) return { ...common, Expression: query.expression };
  const { stat, unit } = query.metric;
  const given = unit === undefined ? {} : { Unit: unit };
  return { ...common, MetricStat: { Metric: metricOf(query.metric), Period: spec.periodSeconds, Stat: stat, ...given } };
}

function metricOf({ dimensions, name, namespace }: MetricStat): Props {
  return {
    Namespace: namespace,
    MetricName: name,
    Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
  };
}

import type { Resource } from "../../core/definition.ts";
import { text, texts, type Props, type Value } from "../../core/values.ts";
import type { AlarmRule, MissingData } from "./alarm-state.ts";
import type { MetricQuery, MetricStat } from "./metric-data.ts";

export const METRIC_ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";

/** Whether a value lies on the wrong side, by the provider's names of the operators. */
export const COMPARISONS: Readonly<Record<string, (value: number, threshold: number) => boolean>> = {
  GreaterThanOrEqualToThreshold: (value, threshold) => value >= threshold,
  GreaterThanThreshold: (value, threshold) => value > threshold,
  LessThanThreshold: (value, threshold) => value < threshold,
  LessThanOrEqualToThreshold: (value, threshold) => value <= threshold,
};

/** Whether a value breaches the alarm's threshold; undefined for no value. */
export function breaches({ comparison, threshold }: AlarmSpec, value: number | undefined): boolean | undefined {
  return value === undefined ? undefined : COMPARISONS[comparison]?.(value, threshold) === true;
}

/** The operators that need a band of expected values; the sandbox learns none. */
export const ANOMALY_COMPARISONS = [
  "LessThanLowerOrGreaterThanUpperThreshold",
  "LessThanLowerThreshold",
  "GreaterThanUpperThreshold",
];

/** What an alarm watches, read from its inputs. */
export interface AlarmSpec extends AlarmRule {
  readonly queries: readonly MetricQuery[];
  /** Whether it watches one metric that is not among `metricQueries`. */
  readonly single: boolean;
  /** The id of the query whose values are compared. */
  readonly watched: string;
  readonly periodSeconds: number;
  readonly comparison: string;
  readonly threshold: number;
  readonly actionsEnabled: boolean;
  readonly actions: Readonly<Record<"OK" | "ALARM" | "INSUFFICIENT_DATA", readonly string[]>>;
  /** Whether a percentile over few samples changes nothing. */
  readonly ignoreLowSamples: boolean;
}

/** The alarm of a resource. */
export function alarmSpec({ inputs }: Pick<Resource, "inputs">): AlarmSpec {
  const queries = queriesOf(inputs);
  const evaluationPeriods = numberOr(inputs["evaluationPeriods"], 1);
  const listed = objects(inputs["metricQueries"]);
  const treatment = (text(inputs, "treatMissingData") || "missing") as MissingData;
  const returned = listed.find((query) => query["returnData"] === true) ?? listed[0];
  return {
    queries,
    single: listed.length === 0,
    watched: returned === undefined ? "m1" : text(returned, "id"),
    periodSeconds: periodOf(inputs),
    comparison: text(inputs, "comparisonOperator"),
    threshold: numberOr(inputs["threshold"], 0),
    evaluationPeriods,
    datapointsToAlarm: numberOr(inputs["datapointsToAlarm"], evaluationPeriods),
    // Source: CloudWatch API reference, PutMetricAlarm, TreatMissingData.
    treatMissingData: text(inputs, "namespace") === "AWS/DynamoDB" ? "ignore" : treatment,
    actionsEnabled: inputs["actionsEnabled"] !== false,
    actions: {
      OK: texts(inputs, "okActions"),
      ALARM: texts(inputs, "alarmActions"),
      INSUFFICIENT_DATA: texts(inputs, "insufficientDataActions"),
    },
    ignoreLowSamples: text(inputs, "evaluateLowSampleCountPercentiles") === "ignore",
  };
}

/** The queries of an alarm: those it lists, or its one metric under the id `m1`. */
export function queriesOf(inputs: Props): MetricQuery[] {
  const listed = objects(inputs["metricQueries"]);
  if (listed.length === 0) {
    const metric = metricOf(inputs, text(inputs, "extendedStatistic") || text(inputs, "statistic"));
    return [{ id: "m1", metric }];
  }
  return listed.map((query) => {
    const common = { id: text(query, "id"), label: text(query, "label") || undefined };
    const [metric] = objects(query["metric"]);
    return metric === undefined
      ? { ...common, expression: text(query, "expression") }
      : { ...common, metric: metricOf(metric, text(metric, "stat")) };
  });
}

/** The seconds of a period: of the alarm itself, or of the metrics it lists. */
export function periodOf(inputs: Props): number {
  const listed = objects(inputs["metricQueries"]);
  const periods = listed.flatMap((query) => [query["period"], ...objects(query["metric"]).map((metric) => metric["period"])]);
  return numberOr(inputs["period"], Math.max(0, ...periods.map((period) => numberOr(period, 0))));
}

/** The objects of a list, or the one object there is. */
export function objects(value: Value | undefined): Props[] {
  const list = Array.isArray(value) ? value : [value];
  return list.filter((item): item is Props => typeof item === "object" && item !== null && !Array.isArray(item));
}

function metricOf(from: Props, stat: string): MetricStat {
  const dimensions = Object.entries(objects(from["dimensions"])[0] ?? {}).map(
    ([name, value]) => [name, typeof value === "string" ? value : ""] as const,
  );
  return {
    namespace: text(from, "namespace"),
    name: text(from, "metricName"),
    dimensions: Object.fromEntries(dimensions),
    stat,
    unit: text(from, "unit") || undefined,
  };
}

function numberOr(value: Value | undefined, otherwise: number): number {
  return typeof value === "number" ? value : otherwise;
}

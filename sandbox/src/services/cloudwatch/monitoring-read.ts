import type { ApiCall } from "../../api/operation.ts";
import { CloudError } from "../../core/definition.ts";
import type { Props } from "../../core/values.ts";
import { PERCENTILE, STATISTICS, type Distribution } from "./distribution.ts";
import { InputReader } from "./input-reader.ts";
import { checkQueries, distributions, metricData, type MetricQuery } from "./metric-data.ts";
import { isList, MathFault, seriesOf, type TimeSeries } from "./metric-math.ts";
import { settleMetrics } from "./metrics.ts";
import {
  dimensionsIn,
  invalidCombination,
  invalidValue,
  METRIC_NAME,
  NAMESPACE,
  periodIn,
  periodsBetween,
  UNIT,
} from "./monitoring-input.ts";
import { telemetry } from "./telemetry.ts";

/** Limits of one call. Source: CloudWatch API reference, GetMetricData and GetMetricStatistics. */
const MAX_QUERIES = 500;
const MAX_VALUES = 100_800;
const MAX_DATAPOINTS = 1440;

/** Any statistic that can be asked for. */
const STATISTIC = { pattern: new RegExp(`${STATISTICS.map((name) => `^${name}$`).join("|")}|${PERCENTILE.source}`) };

/** A query as it was asked; the period is that of its metric. */
interface Asked {
  readonly query: MetricQuery;
  readonly period: number | undefined;
  readonly returned: boolean;
  readonly label: string;
}

/** GetMetricData. Metrics that an expression works on must have one period; NextToken is not needed, as an answer is never cut. */
export function getMetricData(call: ApiCall): Props {
  const read = new InputReader(call.input);
  const asked = read.each("MetricDataQueries", 1, MAX_QUERIES).map(queryIn);
  const [from, to] = [read.time("StartTime"), read.time("EndTime")];
  const ascending =
    read.optionalText("ScanBy", { among: ["TimestampDescending", "TimestampAscending"] }) === "TimestampAscending";
  read.check("ValidationException");
  if (read.has("NextToken")) throw new CloudError("InvalidNextToken", "The sandbox gives no NextToken: every answer is whole.");
  checkAsked(asked);
  settleMetrics(call.cloud);
  const values = valuesOf(call, asked, from, to);
  const results = asked.flatMap(({ label, query, returned }) => {
    if (!returned) return [];
    const value = values.get(query.id) ?? [];
    return (isList(value) ? value : [value]).map((series) => shown(query.id, label, series, ascending));
  });
  return { MetricDataResults: results, Messages: [] };
}

function valuesOf(
  call: ApiCall,
  asked: readonly Asked[],
  from: number,
  to: number,
): Map<string, TimeSeries | readonly TimeSeries[]> {
  const periods = [...new Set(asked.flatMap(({ period }) => period ?? []))];
  const total = asked.reduce(
    (sum, { period, returned }) => sum + (returned ? Math.ceil((to - from) / ((period ?? periods[0] ?? 60) * 1000)) : 0),
    0,
  );
  if (total > MAX_VALUES)
    throw invalidValue(
      `You have requested up to ${grouped(total)} datapoints, which exceeds the limit of ${grouped(MAX_VALUES)}.`,
    );
  const found = new Map<string, TimeSeries | readonly TimeSeries[]>();
  for (const seconds of periods) {
    const times = periodsBetween(from, to, seconds);
    const together = asked.filter(({ period }) => period === undefined || period === seconds).map(({ query }) => query);
    for (const [id, value] of metricData(call.cloud, call.region, together, times))
      found.set(id, isList(value) ? value : seriesOf(value, { periods: times.starts }));
  }
  return found;
}

function queryIn(read: InputReader): Asked {
  const id = read.text("Id", { most: 255, pattern: /^[a-z]\w*$/ });
  const given = read.optionalText("Label", { least: 0 });
  const expression = read.optionalText("Expression", { most: 2048 });
  const returned = read.boolean("ReturnData", true);
  if (read.has("AccountId")) read.refuse("AccountId", "Member must not be given: the sandbox has one account");
  const stat = read.inner("MetricStat");
  if ((stat === undefined) === (expression === undefined))
    read.refuse("Id", "Member must come with exactly one of metricStat and expression");
  if (stat === undefined) return { query: { id, expression: expression ?? "" }, period: undefined, returned, label: given ?? id };
  const period = periodIn(stat);
  const unit = stat.optionalText("Unit", UNIT);
  const name = stat.text("Stat", STATISTIC);
  const metric = stat.inner("Metric");
  const metricName = metric?.text("MetricName", METRIC_NAME) ?? "";
  const where = { namespace: metric?.text("Namespace", NAMESPACE) ?? "", name: metricName };
  const dimensions = metric === undefined ? {} : dimensionsIn(metric);
  return { query: { id, metric: { ...where, dimensions, stat: name, unit } }, period, returned, label: given ?? metricName };
}

function checkAsked(asked: readonly Asked[]): void {
  const ids = asked.map(({ query }) => query.id);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) throw invalid(`The values for parameter id in MetricDataQueries are not unique: ${twice}`);
  const periods = new Set(asked.flatMap(({ period }) => period ?? []));
  const expressions = asked.filter(({ period }) => period === undefined);
  if (expressions.length > 0 && periods.size > 1)
    throw invalid(
      "The sandbox works out expressions over metrics of one period only; ask for metrics of other periods in another call.",
    );
  if (periods.size === 0) throw invalid("At least one of MetricDataQueries must be a MetricStat.");
  try {
    const returned = expressions.filter((one) => one.returned).map(({ query }) => query.id);
    checkQueries(
      asked.map(({ query }) => query),
      returned,
      false,
    );
  } catch (error) {
    if (error instanceof MathFault) throw invalid(`Error in expression: ${error.message}`);
    throw error;
  }
}

function shown(id: string, label: string, series: TimeSeries, ascending: boolean): Props {
  const points = [...series].sort(([a], [b]) => (ascending ? a - b : b - a));
  return {
    Id: id,
    Label: label,
    Timestamps: points.map(([at]) => at / 1000),
    Values: points.map(([, value]) => value),
    StatusCode: "Complete",
  };
}

/** GetMetricStatistics: without a unit, a data point for each unit that was published. */
export function getMetricStatistics({ cloud, input, region }: ApiCall): Props {
  const read = new InputReader(input);
  const metric = { namespace: read.text("Namespace", NAMESPACE), name: read.text("MetricName", METRIC_NAME) };
  const dimensions = dimensionsIn(read);
  const [from, to, seconds] = [read.time("StartTime"), read.time("EndTime"), periodIn(read)];
  const unit = read.optionalText("Unit", UNIT);
  const statistics = read.texts("Statistics", STATISTICS.length, { among: STATISTICS });
  const percentiles = read.texts("ExtendedStatistics", 10, { pattern: PERCENTILE });
  read.check("ValidationException");
  if (statistics.length + percentiles.length === 0)
    throw invalidCombination("Must specify either Statistics or ExtendedStatistics.");
  const periods = periodsBetween(from, to, seconds);
  if (periods.starts.length > MAX_DATAPOINTS) {
    throw invalidCombination(
      `You have requested up to ${grouped(periods.starts.length)} datapoints, which exceeds the limit of ${grouped(MAX_DATAPOINTS)}. You may reduce the datapoints requested by increasing Period, or decreasing the time range.`,
    );
  }
  settleMetrics(cloud);
  const units = unit === undefined ? telemetry(cloud).metrics.units({ ...metric, dimensions, region }) : [unit];
  const datapoints = units.flatMap((one) =>
    [...distributions(cloud, region, { ...metric, dimensions, unit: one }, periods)].map(([at, points]) => ({
      Timestamp: at / 1000,
      ...valuesNamed(points, statistics),
      ...(percentiles.length === 0 ? {} : { ExtendedStatistics: valuesNamed(points, percentiles) }),
      Unit: one,
    })),
  );
  return { Label: metric.name, Datapoints: datapoints.sort((a, b) => a.Timestamp - b.Timestamp) };
}

function valuesNamed(points: Distribution, names: readonly string[]): Props {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = points.statistic(name);
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
}

function grouped(count: number): string {
  return count.toLocaleString("en-US");
}

function invalid(message: string): CloudError {
  return new CloudError("ValidationException", message);
}

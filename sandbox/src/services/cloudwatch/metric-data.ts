import type { Cloud } from "../../core/cloud.ts";
import { Distribution } from "./distribution.ts";
import { type MathExpression, MathFault, type MathValue, parseMath, seriesOf, type TimeSeries } from "./metric-math.ts";
import { type Metric } from "./metric-store.ts";
import { telemetry } from "./telemetry.ts";

/** A metric with the statistic to make of it. */
export interface MetricStat extends Metric {
  /** `Average`, `Sum`, `p95`, ... */
  readonly stat: string;
  /** Only data points of that unit. @default - all */
  readonly unit?: string | undefined;
}

/** One line of a metric-data question: a metric or an expression over the others. */
export type MetricQuery = { readonly id: string } & ({ readonly metric: MetricStat } | { readonly expression: string });

/** The periods that are asked for: their starts, in order, and their length. */
export interface Periods {
  readonly starts: readonly number[];
  readonly seconds: number;
}

/** The statistic of a metric in each period. */
export function statisticSeries(cloud: Cloud, region: string, metric: MetricStat, periods: Periods): TimeSeries {
  const found = new Map<number, number>();
  for (const [start, points] of distributions(cloud, region, metric, periods)) {
    const value = points.statistic(metric.stat);
    if (value !== undefined) found.set(start, value);
  }
  return found;
}

/** All data points of a metric in each period; periods without any are left out. */
export function distributions(
  cloud: Cloud,
  region: string,
  metric: MetricStat,
  { starts, seconds }: Periods,
): Map<number, Distribution> {
  const [first = 0] = starts;
  const length = seconds * 1000;
  const minutes = telemetry(cloud).metrics.read({ ...metric, region }, first, (starts.at(-1) ?? first) + length, metric.unit);
  const found = new Map<number, Distribution>();
  for (const start of starts) {
    const sum = new Distribution();
    for (const [minute, points] of minutes) if (minute >= start && minute < start + length) sum.merge(points);
    if (sum.count > 0) found.set(start, sum);
  }
  return found;
}

/** The values of every query, by its id. Throws {@link MathFault} for an expression that cannot be worked out. */
export function metricData(
  cloud: Cloud,
  region: string,
  queries: readonly MetricQuery[],
  periods: Periods,
): Map<string, TimeSeries> {
  const expressions = checkedExpressions(queries);
  const values = new Map<string, MathValue>();
  const metrics: TimeSeries[] = [];
  for (const query of queries) {
    if (!("metric" in query)) continue;
    const series = statisticSeries(cloud, region, query.metric, periods);
    values.set(query.id, series);
    metrics.push(series);
  }
  const scope = {
    value: (id: string): MathValue => valueOf(id),
    metrics: () => metrics,
    periods: periods.starts,
    periodSeconds: periods.seconds,
  };
  const valueOf = (id: string): MathValue => {
    const known = values.get(id);
    if (known !== undefined) return known;
    const value = expressions.get(id)?.evaluate(scope) ?? new Map<number, number>();
    values.set(id, value);
    return value;
  };
  return new Map(queries.map(({ id }) => [id, seriesOf(valueOf(id), scope)]));
}

/** Reads the expressions of a set of queries. Throws {@link MathFault} for one that cannot be read, names an unknown id or, by others, itself. */
export function checkedExpressions(queries: readonly MetricQuery[]): Map<string, MathExpression> {
  const expressions = new Map<string, MathExpression>();
  for (const query of queries) if ("expression" in query) expressions.set(query.id, parseMath(query.expression));
  const known = new Set(queries.map(({ id }) => id));
  const visit = (id: string, path: readonly string[]): void => {
    if (path.includes(id)) throw new MathFault(`the expression ${id} depends on itself`);
    for (const next of expressions.get(id)?.ids ?? []) {
      if (!known.has(next))
        throw new MathFault(`the expression ${id} names ${next}, which is not among ${[...known].join(", ")}`);
      visit(next, [...path, id]);
    }
  };
  for (const id of expressions.keys()) visit(id, []);
  return expressions;
}

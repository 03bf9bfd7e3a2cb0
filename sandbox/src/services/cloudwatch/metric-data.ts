import type { Cloud } from "../../core/cloud.ts";
import { Distribution } from "./distribution.ts";
import { isList, type MathExpression, MathFault, type MathValue, parseMath, type TimeSeries } from "./metric-math.ts";
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
export type MetricQuery = {
  readonly id: string;
  /** What people read beside the values. @default - the id */
  readonly label?: string | undefined;
} & ({ readonly metric: MetricStat } | { readonly expression: string });

/** The periods that are asked for: their starts, in order and without gaps, and their length. */
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

/** All data points of a metric in each period, in order; periods without any are left out. */
export function distributions(
  cloud: Cloud,
  region: string,
  metric: Metric & { readonly unit?: string | undefined },
  { starts, seconds }: Periods,
): Map<number, Distribution> {
  const [first = 0] = starts;
  const length = seconds * 1000;
  const minutes = telemetry(cloud).metrics.read({ ...metric, region }, first, first + starts.length * length, metric.unit);
  const found = new Map<number, Distribution>();
  for (const [minute, points] of [...minutes].sort(([a], [b]) => a - b)) {
    const start = first + Math.floor((minute - first) / length) * length;
    const sum = found.get(start) ?? new Distribution();
    sum.merge(points);
    found.set(start, sum);
  }
  return found;
}

/** The value of every query, by its id. Throws {@link MathFault} for an expression that cannot be worked out. */
export function metricData(
  cloud: Cloud,
  region: string,
  queries: readonly MetricQuery[],
  periods: Periods,
): Map<string, MathValue> {
  const metrics = new Map<string, TimeSeries>();
  for (const query of queries)
    if ("metric" in query) metrics.set(query.id, statisticSeries(cloud, region, query.metric, periods));
  return workedOut(queries, checkedExpressions(queries), metrics, periods);
}

/**
 * Throws {@link MathFault} for queries that cannot be worked out whatever the data: an expression that cannot be read, names an unknown id or,
 * by others, itself; or a result (of the `returned` ids) that is a single number, or several series where `single` allows one.
 */
export function checkQueries(queries: readonly MetricQuery[], returned: readonly string[], single: boolean): void {
  const [first, second] = [0, 60_000];
  const sample = new Map([
    [first, 1],
    [second, 2],
  ]);
  const metrics = new Map(queries.flatMap((query) => ("metric" in query ? [[query.id, sample] as const] : [])));
  const values = workedOut(queries, checkedExpressions(queries), metrics, { starts: [first, second], seconds: 60 });
  for (const id of returned) {
    const value = values.get(id);
    if (typeof value === "number") throw new MathFault(`the expression ${id} is a single number; it must be a time series`);
    if (single && value !== undefined && isList(value))
      throw new MathFault(`the expression ${id} is an array of time series; an alarm watches one time series`);
  }
}

function workedOut(
  queries: readonly MetricQuery[],
  expressions: ReadonlyMap<string, MathExpression>,
  metrics: ReadonlyMap<string, TimeSeries>,
  { starts, seconds }: Periods,
): Map<string, MathValue> {
  const values = new Map<string, MathValue>(metrics);
  const scope = {
    value: (id: string): MathValue => {
      const value = values.get(id) ?? expressions.get(id)?.evaluate(scope) ?? new Map<number, number>();
      values.set(id, value);
      return value;
    },
    metrics: (part: string) => [...metrics].flatMap(([id, series]) => (id.includes(part) ? [series] : [])),
    periods: starts,
    periodSeconds: seconds,
  };
  return new Map(queries.map(({ id }) => [id, scope.value(id)]));
}

function checkedExpressions(queries: readonly MetricQuery[]): Map<string, MathExpression> {
  const expressions = new Map<string, MathExpression>();
  for (const query of queries) if ("expression" in query) expressions.set(query.id, parseMath(query.expression));
  const known = new Set(queries.map(({ id }) => id));
  const done = new Set<string>();
  const visit = (id: string, path: readonly string[]): void => {
    if (path.includes(id)) throw new MathFault(`the expression ${id} depends on itself`);
    if (done.has(id)) return;
    for (const next of expressions.get(id)?.ids ?? []) {
      if (!known.has(next))
        throw new MathFault(`the expression ${id} names ${next}, which is not among ${[...known].join(", ")}`);
      visit(next, [...path, id]);
    }
    done.add(id);
  };
  for (const id of expressions.keys()) visit(id, []);
  return expressions;
}

/** Values by the start of their period; a period without a value has no entry. */
export type TimeSeries = ReadonlyMap<number, number>;

/** What an expression is worth: one number for all periods, a series, or several series. */
export type MathValue = number | TimeSeries | readonly TimeSeries[];

/** What an expression may ask for. */
export interface MathScope {
  /** The value of a metric or of another expression. Throws for an unknown id. */
  readonly value: (id: string) => MathValue;
  /** Every metric of the request whose id has that text in it, for METRICS(). */
  readonly metrics: (part: string) => readonly TimeSeries[];
  /** The starts of all periods, in order. */
  readonly periods: readonly number[];
  readonly periodSeconds: number;
}

/** Raised for an expression that cannot be read or worked out; words for people. */
export class MathFault extends Error {}

/** A part of an expression, ready to be worked out. */
export type MathNode = (scope: MathScope) => MathValue;

/** An operator between two numbers; undefined where there is no result. */
export type Operator = (a: number, b: number) => number | undefined;

/**
 * Applies an operator to each data point. Two series are matched by time, and a data point that only one of them has counts as 0 in the other.
 * Source: CloudWatch user guide, "Metric math syntax and functions": "Missing values in a time series are treated as 0".
 */
export function combined(a: MathValue, b: MathValue, operator: Operator): MathValue {
  if (isList(a) && isList(b)) throw new MathFault("an operator cannot stand between two arrays of time series");
  if (isList(a)) return a.map((series) => oneSeries(combined(series, b, operator)));
  if (isList(b)) return b.map((series) => oneSeries(combined(a, series, operator)));
  if (typeof a === "number")
    return typeof b === "number" ? (operator(a, b) ?? Number.NaN) : collect(b.keys(), (at) => operator(a, b.get(at) ?? 0));
  if (typeof b === "number") return collect(a.keys(), (at) => operator(a.get(at) ?? 0, b));
  return collect(timesOf([a, b]), (at) => operator(a.get(at) ?? 0, b.get(at) ?? 0));
}

/** Changes each data point by itself. */
export function mapped(value: MathValue, change: (value: number) => number): MathValue {
  if (typeof value === "number") return change(value);
  if (isList(value)) return value.map((series) => oneSeries(mapped(series, change)));
  return collect(value.keys(), (at) => change(value.get(at) ?? 0));
}

/** A number counts for every period. Throws {@link MathFault} for several series, which fit nowhere but where an array may stand. */
export function seriesOf(value: MathValue, { periods }: Pick<MathScope, "periods">): TimeSeries {
  if (typeof value === "number") return collect(periods, () => value);
  if (isList(value)) throw new MathFault("several series stand where one is needed");
  return value;
}

/** The series with those data points for which there is a value. */
export function collect(times: Iterable<number>, value: (at: number) => number | undefined): TimeSeries {
  const found = new Map<number, number>();
  for (const at of times) {
    const one = value(at);
    if (one !== undefined && Number.isFinite(one)) found.set(at, one);
  }
  return found;
}

/** Every time at which one of the series has a data point, in order. */
export function timesOf(series: readonly TimeSeries[]): number[] {
  return [...new Set(series.flatMap((one) => [...one.keys()]))].sort((a, b) => a - b);
}

export function isList(value: MathValue): value is readonly TimeSeries[] {
  return Array.isArray(value);
}

/** What is known to be a series: made of a series and of something that is no array. */
function oneSeries(value: MathValue): TimeSeries {
  return value as TimeSeries;
}

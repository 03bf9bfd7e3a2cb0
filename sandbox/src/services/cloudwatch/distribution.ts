/** How many different values a minute keeps apart before near ones are put together. */
const MAX_VALUES = 2000;
/** Relative width of the classes near values are then put into: a percentile is off by at most half of it. It doubles should that not be enough. */
const CLASS_WIDTH = 0.01;

/** The statistics that have a name of their own. */
export const STATISTICS: readonly string[] = ["SampleCount", "Average", "Sum", "Minimum", "Maximum"];

/** What is on disk of a {@link Distribution}: count, sum, least, most, and pairs of value and count. */
export type StoredDistribution = [
  count: number,
  sum: number,
  least: number,
  most: number,
  values: [value: number, count: number][],
];

/** The data points of one metric in one minute. Count, sum, least and most are exact; percentiles are exact up to {@link MAX_VALUES} different values. */
export class Distribution {
  count = 0;
  sum = 0;
  least = Infinity;
  most = -Infinity;
  private values = new Map<number, number>();

  /** `count` data points of that value. */
  add(value: number, count = 1): void {
    if (count <= 0) return;
    this.note(count, value * count, value, value);
    this.put(value, count);
  }

  /** Data points of which only the totals are known (a statistic set); they take no part in percentiles. */
  addTotals(count: number, sum: number, least: number, most: number): void {
    if (count > 0) this.note(count, sum, least, most);
  }

  merge(other: Distribution): void {
    if (other.count > 0) this.note(other.count, other.sum, other.least, other.most);
    for (const [value, count] of other.values) this.put(value, count);
  }

  /**
   * The least value that at least `percent` % of the data points do not exceed (nearest rank). Undefined where single values are not known,
   * as CloudWatch gives no percentile for statistic sets.
   */
  percentile(percent: number): number | undefined {
    const sorted = [...this.values].sort(([a], [b]) => a - b);
    const total = sorted.reduce((sum, [, count]) => sum + count, 0);
    if (total === 0 || total < this.count) return this.least === this.most ? this.least : undefined;
    // Decimal percentages such as 99.9 are not exact in binary: a hair above a whole rank is that rank.
    const rank = Math.max(1, Math.ceil((percent * total) / 100 - 1e-6));
    let seen = 0;
    for (const [value, count] of sorted) {
      seen += count;
      if (seen >= rank) return value;
    }
    return this.most;
  }

  /** The named statistic: `Average`, `Sum`, `Minimum`, `Maximum`, `SampleCount` or a percentile such as `p95`; undefined where it is not defined. */
  statistic(name: string): number | undefined {
    if (this.count === 0) return undefined;
    if (name === "Sum") return this.sum;
    if (name === "Average") return this.sum / this.count;
    if (name === "Minimum") return this.least;
    if (name === "Maximum") return this.most;
    if (name === "SampleCount") return this.count;
    return isPercentile(name) ? this.percentile(Number(name.slice(1))) : undefined;
  }

  toStored(): StoredDistribution {
    return [this.count, this.sum, this.least, this.most, [...this.values]];
  }

  static fromStored([count, sum, least, most, values]: StoredDistribution): Distribution {
    const made = new Distribution();
    made.note(count, sum, least, most);
    made.values = new Map(values);
    return made;
  }

  private note(count: number, sum: number, least: number, most: number): void {
    this.count += count;
    this.sum += sum;
    this.least = Math.min(this.least, least);
    this.most = Math.max(this.most, most);
  }

  private put(value: number, count: number): void {
    this.values.set(value, (this.values.get(value) ?? 0) + count);
    for (let width = CLASS_WIDTH; this.values.size > MAX_VALUES; width *= 2) this.values = classed(this.values, width);
  }
}

/** Names of percentiles: `p0.0` to `p100`, with up to ten decimals. */
export const PERCENTILE = /^p(\d{1,2}(\.\d{1,10})?|100)$/;

/** Whether it names a percentile. */
export function isPercentile(name: string): boolean {
  return PERCENTILE.test(name);
}

/** Puts values of about the same size together; the middle of the class stands for them. */
function classed(values: ReadonlyMap<number, number>, width: number): Map<number, number> {
  const result = new Map<number, number>();
  for (const [value, count] of values) {
    const middle = value === 0 ? 0 : Math.sign(value) * (1 + width) ** Math.round(Math.log(Math.abs(value)) / Math.log1p(width));
    result.set(middle, (result.get(middle) ?? 0) + count);
  }
  return result;
}

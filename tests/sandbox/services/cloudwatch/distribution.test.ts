import assert from "node:assert/strict";
import * as fc from "fast-check";
import { Distribution, isPercentile } from "../../../../sandbox/src/services/cloudwatch/distribution.ts";

function of(...values: number[]): Distribution {
  const points = new Distribution();
  for (const value of values) points.add(value);
  return points;
}

/** The nearest rank, in whole numbers: `percent` in tenths. */
function nearestRank(sorted: readonly number[], tenths: number): number | undefined {
  const rank = Math.max(1, Number((BigInt(tenths) * BigInt(sorted.length) + 999n) / 1000n));
  return sorted[rank - 1];
}

describe("the data points of a minute", () => {
  for (const [name, expected] of [
    ["SampleCount", 5],
    ["Sum", 15],
    ["Average", 3],
    ["Minimum", 1],
    ["Maximum", 5],
    ["p0", 1],
    ["p20", 1],
    ["p21", 2],
    ["p50", 3],
    ["p99.9", 5],
    ["p100", 5],
    ["Median", undefined],
  ] as const) {
    it(`1 to 5 have ${name} ${String(expected)}`, () => assert.equal(of(4, 2, 5, 1, 3).statistic(name), expected));
  }

  it("have no statistic where there are none", () => {
    assert.equal(new Distribution().statistic("Sum"), undefined);
    assert.equal(of().statistic("SampleCount"), undefined);
  });

  it("count a value as often as it was measured", () => {
    const points = new Distribution();
    points.add(10, 99);
    points.add(1000, 1);
    points.add(7, 0);
    assert.deepEqual([points.statistic("SampleCount"), points.statistic("Average")], [100, 19.9]);
    assert.deepEqual([points.statistic("p99"), points.statistic("p99.1"), points.statistic("Minimum")], [10, 1000, 10]);
  });

  it("have the percentile that lies exactly on a rank, whatever binary makes of the decimal", () => {
    const points = of(...Array.from({ length: 1000 }, (_, index) => index + 1));
    assert.deepEqual([points.statistic("p99.9"), points.statistic("p57.6"), points.statistic("p0.1")], [999, 576, 1]);
  });

  it("have no percentile once some are known by their totals only, unless all are alike", () => {
    const points = of(5);
    points.addTotals(2, 10, 4, 6);
    assert.deepEqual([points.statistic("Average"), points.statistic("p50")], [5, undefined]);
    const alike = new Distribution();
    alike.addTotals(10, 70, 7, 7);
    assert.equal(alike.statistic("p99"), 7);
  });

  it("are the same after they were written down", () => {
    const points = of(1, 1, 2.5, -3);
    const again = Distribution.fromStored(points.toStored());
    for (const name of ["SampleCount", "Sum", "Minimum", "Maximum", "p50"])
      assert.equal(again.statistic(name), points.statistic(name));
  });

  const values = fc.array(fc.integer({ min: -10_000, max: 10_000 }), { minLength: 1, maxLength: 200 });

  it("have the nearest rank as percentile", () => {
    fc.assert(
      fc.property(values, fc.integer({ min: 0, max: 1000 }), (given, tenths) => {
        const sorted = [...given].sort((a, b) => a - b);
        assert.equal(of(...given).percentile(tenths / 10), nearestRank(sorted, tenths));
      }),
    );
  });

  it("are the same in one minute as in two that are put together", () => {
    fc.assert(
      fc.property(values, values, (a, b) => {
        const merged = of(...a);
        merged.merge(of(...b));
        const whole = of(...a, ...b);
        for (const name of ["SampleCount", "Sum", "Average", "Minimum", "Maximum", "p10", "p50", "p90"])
          assert.equal(merged.statistic(name), whole.statistic(name), name);
      }),
    );
  });

  it("have percentiles within 1 % once there are too many different values to keep", () => {
    const given = Array.from({ length: 20_000 }, (_, index) => 1 + index / 7);
    const points = of(...given);
    for (const percent of [1, 50, 95, 99.9]) {
      const exact = nearestRank(given, percent * 10) ?? 0;
      const found = points.percentile(percent) ?? 0;
      assert.ok(Math.abs(found - exact) <= exact * 0.01, `p${String(percent)}: ${String(found)} for ${String(exact)}`);
    }
    assert.deepEqual([points.statistic("SampleCount"), points.statistic("Maximum")], [20_000, given.at(-1)]);
    assert.ok(points.toStored()[4].length <= 2000, String(points.toStored()[4].length));
  });

  it("keep zero and the sign of values that are put together", () => {
    const points = of(...Array.from({ length: 5001 }, (_, index) => index - 2500));
    const found = points.percentile(50) ?? Number.NaN;
    assert.ok(Math.abs(found) <= 1, String(found));
    assert.ok((points.percentile(10) ?? 0) < -1900 && (points.percentile(90) ?? 0) > 1900);
  });
});

describe("a percentile", () => {
  for (const name of ["p0", "p5", "p50", "p99", "p99.99", "p100", "p0.0000000001"])
    it(`may be ${name}`, () => assert.equal(isPercentile(name), true));
  for (const name of ["p", "p101", "p100.1", "99", "P99", "p99.", "p9.99999999999", "p-1", "tm99"])
    it(`is not ${name}`, () => assert.equal(isPercentile(name), false));
});

import assert from "node:assert/strict";
import * as fc from "fast-check";
import { checkQueries, type MetricQuery } from "../../../../sandbox/src/services/cloudwatch/metric-data.ts";
import {
  isList,
  MathFault,
  type MathValue,
  parseMath,
  type TimeSeries,
} from "../../../../sandbox/src/services/cloudwatch/metric-math.ts";

type Values = readonly (number | undefined)[];
const _ = undefined;

/** Works an expression out over metrics with one value a minute; what has no data point is undefined. */
function workedOut(text: string, metrics: Readonly<Record<string, Values>> = {}): number | Values | Values[] {
  const length = Math.max(0, ...Object.values(metrics).map((values) => values.length));
  const periods = Array.from({ length }, (_value, index) => index * 60_000);
  const series = new Map(Object.entries(metrics).map(([id, values]) => [id, seriesOf(values)]));
  const value = parseMath(text).evaluate({
    value: (id) => series.get(id) ?? new Map<number, number>(),
    metrics: (part) => [...series].flatMap(([id, one]) => (id.includes(part) ? [one] : [])),
    periods,
    periodSeconds: 60,
  });
  return shown(value, periods);
}

function shown(value: MathValue, periods: readonly number[]): number | Values | Values[] {
  if (typeof value === "number") return value;
  const values = (one: TimeSeries): Values => periods.map((at) => one.get(at));
  return isList(value) ? value.map(values) : values(value);
}

function seriesOf(values: Values): TimeSeries {
  return new Map(values.flatMap((value, index) => (value === undefined ? [] : [[index * 60_000, value] as const])));
}

describe("metric math", () => {
  const metric1 = [30, 20, 0, 0];
  const metric2 = [20, _, 20, _];
  for (const [text, expected] of [
    ["metric1 < metric2", [0, 0, 1, 0]],
    ["metric1 >= 30", [1, 0, 0, 0]],
    ["metric1 > 15 AND metric2 > 15", [1, 0, 0, 0]],
    ["metric1 > 15 OR metric2 > 15", [1, 1, 1, 0]],
    ["metric1 + metric2", [50, 20, 20, 0]],
    ["metric2 / metric1 * 100", [(20 / 30) * 100, 0, _, _]],
    ["-metric2", [-20, _, -20, _]],
    ["metric2 * PERIOD(metric2) / 60", [20, _, 20, _]],
    ["metric1 - AVG(metric1)", [17.5, 7.5, -12.5, -12.5]],
    ["metric2 - MIN(metric2) + MAX(metric2)", [20, _, 20, _]],
    ["SUM([metric1, metric2])", [50, 20, 20, 0]],
    ["AVG([metric1, metric2])", [25, 10, 10, 0]],
    ["MIN([metric1, metric2])", [20, 20, 0, 0]],
    ["MAX(METRICS())", [30, 20, 20, 0]],
    ['SUM(METRICS("2"))', [20, _, 20, _]],
    ['SUM([METRICS("1"), METRICS("2")])', [50, 20, 20, 0]],
    ["SUM(-[metric1, metric2])", [-50, -20, -20, 0]],
    ["SUM(100 / [metric1, metric2])", [100 / 30 + 5, 5, 5, _]],
    ["FILL(metric2, 7)", [20, 7, 20, 7]],
    ["FILL(metric2, metric1)", [20, 20, 20, 0]],
    ["FILL(metric2, MAX(metric1))", [20, 30, 20, 30]],
    ["FILL(metric2, REPEAT)", [20, 20, 20, 20]],
    ["FILL(metric2, LINEAR)", [20, 20, 20, _]],
    ["ABS(0 - metric1)", [30, 20, 0, 0]],
    ["CEIL(metric2 / 30)", [1, _, 1, _]],
    ["FLOOR(metric2 / 30)", [0, _, 0, _]],
    ["IF(metric1 > 25, metric1)", [30, _, _, _]],
    ["IF(metric1 < 25, 10, 2)", [2, 10, 10, 10]],
    ["IF(1, metric2, metric1)", [20, _, 20, _]],
    ["IF(0, metric2)", [_, _, _, _]],
  ] as readonly (readonly [string, Values])[]) {
    it(`gives ${JSON.stringify(expected)} for ${text}`, () => {
      assert.deepEqual(workedOut(text, { metric1, metric2 }), expected);
    });
  }

  it("fills a gap in a straight line, and nothing before the first or after the last value", () => {
    assert.deepEqual(workedOut("FILL(m, LINEAR)", { m: [_, 10, _, _, 40, _] }), [_, 10, 20, 30, 40, _]);
    assert.deepEqual(workedOut("FILL(m, REPEAT)", { m: [_, 10, _, _, 40, _] }), [_, 10, 10, 10, 40, 40]);
  });

  it("fills every series of an array", () => {
    assert.deepEqual(workedOut("FILL(METRICS(), 0)", { a: [1, _], b: [_, 2] }), [
      [1, 0],
      [0, 2],
    ]);
  });

  for (const [text, expected] of [
    ["IF(metric1, metric2, metric3)", [30, 0, 20, _, _]],
    ["IF(metric1, 5, metric3)", [5, 5, 20, _, _]],
    ["IF(metric1, metric2, 5)", [30, 0, 5, 5, _]],
    ["IF(metric1, metric2)", [30, 0, _, _, _]],
  ] as readonly (readonly [string, Values])[]) {
    it(`gives ${JSON.stringify(expected)} for ${text}, as the user guide's tables of IF do`, () => {
      const given = { metric1: [1, 1, 0, 0, _], metric2: [30, _, 0, 0, 30], metric3: [0, 0, 20, _, 20] };
      assert.deepEqual(workedOut(text, given), expected);
    });
  }

  for (const [text, expected] of [
    ["2 + 3 * 4 ^ 2", 50],
    ["(2 + 3) * 4", 20],
    ["10 - 4 - 3", 3],
    ["1 < 2 && 2 < 1 || 1 == 1", 1],
    ["-2 * -3", 6],
    [".5 + 1e3", 1000.5],
    ["1 != 1", 0],
  ] as const) {
    it(`gives ${String(expected)} for ${text}`, () => assert.equal(workedOut(text), expected));
  }

  for (const [text, fault] of [
    ["m1 +", "unexpected end in m1 +"],
    ["m1 m2", "unexpected m2 in m1 m2"],
    ["(m1", "expected ) at the end of (m1"],
    ["[m1 m2]", "expected , before m2 of [m1 m2]"],
    ["[m1,]", "unexpected ] in [m1,]"],
    ["m1 = 5", '"= 5" cannot be read'],
    ["m1 ? 5", '"? 5" cannot be read'],
    ["constructor(m1)", "unexpected ( in constructor(m1)"],
    [
      "STDDEV(m1)",
      "the sandbox does not serve the function STDDEV; it has ABS, CEIL, FLOOR, AVG, MAX, MIN, SUM, FILL, IF, METRICS, PERIOD",
    ],
    ["FILL(m1)", "FILL takes 2 argument(s), not 1"],
    ["IF(m1)", "IF takes 2 or 3 argument(s), not 1"],
    ["AVG(m1, m2)", "AVG takes 1 argument(s), not 2"],
    ["METRICS(m1)", "METRICS takes a part of an id in quotation marks"],
    ["AVG(REPEAT)", "AVG takes no REPEAT there"],
    ['AVG("m1")', "AVG takes no text"],
    ["1".repeat(2049), "an expression has 2048 characters at most, not 2049"],
  ] as const) {
    it(`cannot read ${text.slice(0, 20)}: ${fault}`, () => {
      assert.throws(() => parseMath(text), new MathFault(fault));
    });
  }

  for (const [text, fault] of [
    ["METRICS() + METRICS()", "an operator cannot stand between two arrays of time series"],
    ["IF(METRICS(), 1, 0)", "several series stand where one is needed"],
    ["SUM(5)", "SUM takes a time series or an array of them, not a number"],
    ["FILL(5, 1)", "FILL fills a time series, not a number"],
  ] as const) {
    it(`cannot work out ${text}: ${fault}`, () => {
      assert.throws(() => workedOut(text, { m1: [1], m2: [2] }), new MathFault(fault));
    });
  }

  describe("as a set of queries", () => {
    const m1: MetricQuery = {
      id: "m1",
      metric: { namespace: "Shop", name: "Errors", dimensions: {}, stat: "Sum" },
    };
    const expression = (id: string, text: string): MetricQuery => ({ id, expression: text });
    for (const [queries, fault] of [
      [[m1, expression("e1", "m1 / m2")], "the expression e1 names m2, which is not among m1, e1"],
      [[m1, expression("e1", "e1 + m1")], "the expression e1 depends on itself"],
      [[m1, expression("e1", "e2"), expression("e2", "m1 + e1")], "the expression e1 depends on itself"],
      [[m1, expression("e1", "AVG(m1)")], "the expression e1 is a single number; it must be a time series"],
      [[m1, expression("e1", "5")], "the expression e1 is a single number; it must be a time series"],
      [[m1, expression("e1", "METRICS()")], "the expression e1 is an array of time series; an alarm watches one time series"],
    ] as const) {
      it(`is refused where ${fault}`, () => {
        assert.throws(() => {
          checkQueries(queries, ["e1"], true);
        }, new MathFault(fault));
      });
    }

    it("may have numbers and arrays on the way to a time series", () => {
      checkQueries(
        [m1, expression("all", "METRICS()"), expression("mean", "AVG(m1)"), expression("e1", "SUM(all) - mean")],
        ["e1"],
        true,
      );
    });

    it("can be checked where expressions fork at every of many steps", () => {
      const steps = Array.from({ length: 60 }, (_value, index) =>
        expression(`e${String(index + 1)}`, index === 0 ? "m1 + m1" : `e${String(index)} + e${String(index)}`),
      );
      checkQueries([m1, ...steps], ["e60"], true);
    });
  });

  const series = fc.array(fc.option(fc.integer({ min: -1000, max: 1000 }), { nil: undefined }), { minLength: 5, maxLength: 5 });

  it("has a value for a sum exactly where one of its parts has", () => {
    fc.assert(
      fc.property(series, series, (a, b) => {
        const expected = a.map((value, index) =>
          [value, b[index]].every((one) => one === undefined) ? undefined : (value ?? 0) + (b[index] ?? 0),
        );
        assert.deepEqual(workedOut("a + b", { a, b }), expected);
        assert.deepEqual(workedOut("SUM([a, b])", { a, b }), expected);
      }),
    );
  });

  it("is never infinite and never not a number", () => {
    fc.assert(
      fc.property(series, series, fc.constantFrom("a / b", "a ^ b", "b / (a - a)", "IF(a, b / a, a)"), (a, b, text) => {
        const values = workedOut(text, { a, b }) as Values;
        assert.ok(values.every((value) => value === undefined || Number.isFinite(value)));
      }),
    );
  });

  it("says of any text whether it is an expression, and never fails otherwise", () => {
    const token = fc.constantFrom("m1", "5", "+", "-", "(", ")", "[", "]", ",", "IF", "FILL", "REPEAT", '"', "&&", " ", "é");
    fc.assert(
      fc.property(fc.array(token, { maxLength: 12 }), (tokens) => {
        try {
          parseMath(tokens.join(""));
        } catch (error) {
          assert.ok(error instanceof MathFault, String(error));
        }
      }),
    );
  });
});

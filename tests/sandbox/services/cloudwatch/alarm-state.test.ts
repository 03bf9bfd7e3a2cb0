import assert from "node:assert/strict";
import * as fc from "fast-check";
import {
  type AlarmState,
  alarmState,
  evaluationRange,
  type MissingData,
} from "../../../../sandbox/src/services/cloudwatch/alarm-state.ts";

const TREATMENTS = ["missing", "ignore", "breaching", "notBreaching"] as const;

/** `0` is within the threshold, `X` breaches it, `-` is missing; the newest stands last, as in the user guide. */
function read(points: string): (boolean | undefined)[] {
  return points.split(" ").map((point) => ({ "0": false, X: true })[point]);
}

/** The state the user guide gives, where `keep` is "retain current state". */
type Expected = AlarmState | "keep";

function check(points: string, needed: number, of: number, treatMissingData: MissingData, expected: Expected): void {
  const rule = { evaluationPeriods: of, datapointsToAlarm: needed, treatMissingData };
  for (const current of ["OK", "ALARM", "INSUFFICIENT_DATA"] as const)
    assert.equal(alarmState(read(points), rule, current), expected === "keep" ? current : expected, `from ${current}`);
}

function table(needed: number, of: number, rows: readonly (readonly [points: string, ...expected: Expected[]])[]): void {
  for (const [points, ...expected] of rows) {
    for (const [index, treatment] of TREATMENTS.entries()) {
      const wanted = expected[index] ?? "OK";
      it(`is ${wanted === "keep" ? "what it was" : wanted} after ${points} with missing data ${treatment}, ${String(needed)} of ${String(of)}`, () => {
        check(points, needed, of, treatment, wanted);
      });
    }
  }
}

describe("the state of an alarm, by the tables of the CloudWatch user guide", () => {
  table(3, 3, [
    ["0 - X - X", "OK", "OK", "OK", "OK"],
    ["0 - - - -", "OK", "OK", "OK", "OK"],
    ["- - - - -", "INSUFFICIENT_DATA", "keep", "ALARM", "OK"],
    ["0 X X - X", "ALARM", "ALARM", "ALARM", "ALARM"],
    ["- - X - -", "ALARM", "keep", "ALARM", "OK"],
    ["X - - - -", "ALARM", "keep", "ALARM", "OK"],
    // Not yet an alarm: the next data point may be within the threshold.
    ["- - - - X", "keep", "keep", "ALARM", "OK"],
    ["- - - X -", "keep", "keep", "ALARM", "OK"],
    ["- - - X 0", "OK", "OK", "OK", "OK"],
  ]);
  table(2, 3, [
    ["0 - X - X", "ALARM", "ALARM", "ALARM", "ALARM"],
    ["0 0 X 0 X", "ALARM", "ALARM", "ALARM", "ALARM"],
    ["0 - X - -", "OK", "OK", "ALARM", "OK"],
    ["- - - - 0", "OK", "OK", "ALARM", "OK"],
    ["- - - X -", "ALARM", "keep", "ALARM", "OK"],
    ["- - - - X", "keep", "keep", "ALARM", "OK"],
  ]);
  table(1, 1, [
    ["- - X", "ALARM", "ALARM", "ALARM", "ALARM"],
    ["X X 0", "OK", "OK", "OK", "OK"],
    ["X - -", "ALARM", "ALARM", "ALARM", "ALARM"],
    ["- - -", "INSUFFICIENT_DATA", "keep", "ALARM", "OK"],
  ]);
});

describe("the state of any alarm", () => {
  const states = fc.constantFrom<AlarmState>("OK", "ALARM", "INSUFFICIENT_DATA");
  const anyAlarm = fc.integer({ min: 1, max: 6 }).chain((evaluationPeriods) =>
    fc.record({
      rule: fc.record({
        evaluationPeriods: fc.constant(evaluationPeriods),
        datapointsToAlarm: fc.integer({ min: 1, max: evaluationPeriods }),
        treatMissingData: fc.constantFrom(...TREATMENTS),
      }),
      points: fc.array(fc.constantFrom(true, false, undefined), {
        minLength: evaluationRange({ evaluationPeriods }),
        maxLength: evaluationRange({ evaluationPeriods }),
      }),
      current: states,
    }),
  );

  it("goes by the newest points alone when none is missing", () => {
    fc.assert(
      fc.property(anyAlarm, ({ current, points, rule }) => {
        const whole = points.map((point) => point ?? false);
        const breaching = whole.slice(-rule.evaluationPeriods).filter(Boolean).length;
        assert.equal(alarmState(whole, rule, current), breaching >= rule.datapointsToAlarm ? "ALARM" : "OK");
      }),
    );
  });

  it("is never for want of data where missing data counts as something, and never while there is any", () => {
    fc.assert(
      fc.property(anyAlarm, ({ current, points, rule }) => {
        const known = points.some((point) => point !== undefined);
        if (rule.treatMissingData !== "missing" || known)
          assert.notEqual(alarmState(points, rule, current === "INSUFFICIENT_DATA" ? "OK" : current), "INSUFFICIENT_DATA");
        else assert.equal(alarmState(points, rule, current), "INSUFFICIENT_DATA");
      }),
    );
  });

  it("stays an alarm when one more point breaches", () => {
    fc.assert(
      fc.property(anyAlarm, fc.nat(7), ({ points, rule }, at) => {
        if (rule.treatMissingData === "ignore" || rule.treatMissingData === "missing") return;
        const worse = points.map((point, index) => (index === at && point === false ? true : point));
        if (alarmState(points, rule, "OK") === "ALARM") assert.equal(alarmState(worse, rule, "OK"), "ALARM");
      }),
    );
  });
});

export type AlarmState = "OK" | "ALARM" | "INSUFFICIENT_DATA";
export type MissingData = "missing" | "ignore" | "breaching" | "notBreaching";

/** What decides over an alarm's state, besides the data. */
export interface AlarmRule {
  /** N: so many periods are looked at. */
  readonly evaluationPeriods: number;
  /** M: so many of them must breach. */
  readonly datapointsToAlarm: number;
  readonly treatMissingData: MissingData;
}

/** Periods beyond N from which real data is taken where some of the last N are missing; two in AWS's own examples. */
const EXTRA_PERIODS = 2;

/** How many periods are looked at in all: the evaluation range. */
export function evaluationRange({ evaluationPeriods }: Pick<AlarmRule, "evaluationPeriods">): number {
  return evaluationPeriods + EXTRA_PERIODS;
}

/**
 * The state that the points of the evaluation range call for: oldest first, true where a point breaches, undefined where it is missing.
 * Where the rule keeps the state as it is, that is `current`. Source: CloudWatch user guide, "Configuring how alarms treat missing data", whose
 * tables are this function's test.
 */
export function alarmState(points: readonly (boolean | undefined)[], rule: AlarmRule, current: AlarmState): AlarmState {
  const { datapointsToAlarm: needed, evaluationPeriods, treatMissingData } = rule;
  const real = points.filter((point) => point !== undefined);
  // With enough real points how to treat missing ones does not matter.
  const judged = real.length >= evaluationPeriods ? real.slice(-evaluationPeriods) : real;
  const breaching = judged.filter(Boolean).length;
  const filled = evaluationPeriods - judged.length;
  if (breaching >= needed) return "ALARM";
  if (filled === 0) return "OK";
  if (treatMissingData === "breaching") return breaching + filled >= needed ? "ALARM" : "OK";
  if (treatMissingData === "notBreaching" || breaching < real.length) return "OK";
  if (treatMissingData === "ignore") return current;
  if (real.length === 0) return "INSUFFICIENT_DATA";
  // All there is breaches. It is an alarm once the oldest of it is so old that a quick recovery would have been seen by now.
  const age = points.length - points.indexOf(true);
  return age >= needed ? "ALARM" : current;
}

import { isProps, type Props, text, valuesAt } from "../../core/values.ts";
import { numberOr } from "./group-settings.ts";

/** How a policy changes a capacity. */
export interface Adjustment {
  /** `ChangeInCapacity`, `ExactCapacity` or `PercentChangeInCapacity`. */
  readonly type: string;
  readonly by: number;
  /** The least change where it is a percentage. @default 1 */
  readonly least?: number;
}

/** The capacity after an adjustment. Percentages are rounded as "Step and simple scaling policies" of the Amazon EC2 Auto Scaling User Guide says: away from zero below 1, towards it above. */
export function adjusted(capacity: number, { by, least = 1, type }: Adjustment): number {
  if (type === "ExactCapacity") return by;
  if (type === "ChangeInCapacity") return capacity + by;
  const change = (capacity * by) / 100;
  const whole = Math.abs(change) < 1 ? Math.sign(change) : Math.trunc(change);
  return capacity + Math.sign(change) * Math.max(Math.abs(whole), least);
}

/** The step into which a breach of so much falls; undefined where it falls into none. Bounds are relative to the alarm's threshold. */
export function stepFor(steps: readonly Props[], breach: number): number | undefined {
  const found = steps.find((step) => {
    const [lower, upper] = boundsOf(step);
    // Above the threshold the lower bound belongs to the step, below it the upper one.
    return breach >= 0 ? breach >= lower && breach < upper : breach > lower && breach <= upper;
  });
  return found === undefined ? undefined : numberOr(found["scalingAdjustment"], 0);
}

/** The bounds of a step; infinite where none is given. */
export function boundsOf(step: Props): readonly [lower: number, upper: number] {
  const bound = (name: string, otherwise: number): number => (text(step, name) === "" ? otherwise : Number(text(step, name)));
  return [bound("metricIntervalLowerBound", -Infinity), bound("metricIntervalUpperBound", Infinity)];
}

/** What is wrong with the steps of a policy taken together (PutScalingPolicy, StepAdjustment). */
export function faultOfSteps(steps: readonly Props[]): string | undefined {
  if (steps.length === 0) return "StepScaling needs at least one step adjustment";
  if (steps.length > 20) return `a policy has 20 step adjustments at most, not ${steps.length}`;
  const sorted = steps.map(boundsOf).sort(([one], [other]) => one - other);
  if (sorted.some(([lower, upper]) => !(lower < upper))) return "the upper bound of a step must be greater than its lower bound";
  for (const [index, [lower]] of sorted.entries()) {
    const before = sorted[index - 1]?.[1];
    if (before !== undefined && before !== lower) return "the steps must neither overlap nor leave a gap between them";
  }
  return undefined;
}

/** The steps of a policy as its inputs write them. */
export function stepsOf(inputs: Props): Props[] {
  return valuesAt(inputs, "stepAdjustments[]").filter(isProps);
}

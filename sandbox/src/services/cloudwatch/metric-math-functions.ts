import { collect, isList, mapped, MathFault, seriesOf, timesOf } from "./metric-math-values.ts";
import type { MathNode, MathScope, TimeSeries } from "./metric-math-values.ts";

/** An argument: an expression, a text in quotation marks, or a word that only a function understands (`REPEAT`). */
export type Argument = { readonly node: MathNode } | { readonly text: string } | { readonly word: string };

/** Words that stand as arguments of a function and nowhere else. */
export const ARGUMENT_WORDS: readonly string[] = ["REPEAT", "LINEAR"];

type MakeFunction = (args: readonly Argument[], name: string) => MathNode;

/** The functions of metric math that the sandbox serves. Source: CloudWatch user guide, "Functions supported for metric math". */
export const FUNCTIONS: Readonly<Record<string, MakeFunction>> = {
  ABS: eachValue(Math.abs),
  CEIL: eachValue(Math.ceil),
  FLOOR: eachValue(Math.floor),
  // In an array a missing value counts as 0 for the average; the least and the greatest are taken of those that are there.
  AVG: reduced((values, count) => sum(values) / count),
  MAX: reduced((values) => values.reduce((a, b) => Math.max(a, b))),
  MIN: reduced((values) => values.reduce((a, b) => Math.min(a, b))),
  SUM: reduced(sum),
  FILL: (args, name) => {
    requireCount(args, [2], name);
    const [series, filler] = args;
    const node = expression(series, name);
    return (scope) => {
      const value = node(scope);
      if (typeof value === "number") throw new MathFault(`${name} fills a time series, not a number`);
      const fill = fillerOf(filler, name, scope);
      return isList(value) ? value.map((one) => filled(one, fill, scope)) : filled(value, fill, scope);
    };
  },
  IF: (args, name) => {
    requireCount(args, [2, 3], name);
    const [condition, yes, no] = args.map((arg) => expression(arg, name));
    return (scope) => {
      const [test, then, other] = [condition, yes, no].map((part) => part?.(scope));
      if (test === undefined || then === undefined) return 0;
      // A constant condition chooses a whole series; one that is left out is an empty one.
      if (typeof test === "number") return (test !== 0 ? then : other) ?? new Map<number, number>();
      const [tests, thens] = [seriesOf(test, scope), seriesOf(then, scope)];
      const others = other === undefined ? new Map<number, number>() : seriesOf(other, scope);
      return collect(tests.keys(), (at) => (tests.get(at) !== 0 ? (thens.get(at) ?? 0) : others.get(at)));
    };
  },
  METRICS: (args, name) => {
    requireCount(args, [0, 1], name);
    const [part] = args;
    if (part !== undefined && !("text" in part)) throw new MathFault(`${name} takes a part of an id in quotation marks`);
    return (scope) => scope.metrics(part?.text ?? "");
  },
  PERIOD: (args, name) => {
    requireCount(args, [1], name);
    expression(args[0], name);
    return (scope) => scope.periodSeconds;
  },
};

function eachValue(change: (value: number) => number): MakeFunction {
  return (args, name) => {
    requireCount(args, [1], name);
    const inner = expression(args[0], name);
    return (scope) => mapped(inner(scope), change);
  };
}

/** Of one series: a number. Of several: a series; `count` is of how many. */
function reduced(reduce: (values: readonly number[], count: number) => number): MakeFunction {
  return (args, name) => {
    requireCount(args, [1], name);
    const inner = expression(args[0], name);
    return (scope) => {
      const value = inner(scope);
      if (typeof value === "number") throw new MathFault(`${name} takes a time series or an array of them, not a number`);
      if (!isList(value)) return value.size === 0 ? new Map<number, number>() : reduce([...value.values()], value.size);
      return collect(timesOf(value), (at) => reduce(presentAt(value, at), value.length));
    };
  };
}

function presentAt(list: readonly TimeSeries[], at: number): number[] {
  return list.flatMap((series) => series.get(at) ?? []);
}

type Fill = (series: TimeSeries, at: number, scope: MathScope) => number | undefined;

const FILLS: Readonly<Record<string, Fill>> = {
  REPEAT: (series, at) => series.get(lastBefore(series, at) ?? Number.NaN),
  LINEAR: (series, at) => {
    const before = lastBefore(series, at);
    const after = [...series.keys()].find((time) => time > at);
    if (before === undefined || after === undefined) return undefined;
    const [from = 0, to = 0] = [series.get(before), series.get(after)];
    return from + ((to - from) * (at - before)) / (after - before);
  },
};

function fillerOf(argument: Argument | undefined, name: string, scope: MathScope): Fill {
  if (argument !== undefined && "word" in argument) return FILLS[argument.word] ?? (() => undefined);
  const value = expression(argument, name)(scope);
  const known = seriesOf(value, scope);
  return (_, at) => known.get(at);
}

function filled(series: TimeSeries, fill: Fill, scope: MathScope): TimeSeries {
  return collect(scope.periods, (at) => series.get(at) ?? fill(series, at, scope));
}

function lastBefore(series: TimeSeries, at: number): number | undefined {
  return [...series.keys()].findLast((time) => time < at);
}

function expression(argument: Argument | undefined, name: string): MathNode {
  if (argument !== undefined && "node" in argument) return argument.node;
  throw new MathFault(`${name} takes ${argument !== undefined && "word" in argument ? `no ${argument.word} there` : "no text"}`);
}

function requireCount(args: readonly Argument[], allowed: readonly number[], name: string): void {
  if (!allowed.includes(args.length))
    throw new MathFault(`${name} takes ${allowed.join(" or ")} argument(s), not ${String(args.length)}`);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

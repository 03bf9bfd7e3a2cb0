/** Values by the start of their period; a period without a value has no entry. */
export type TimeSeries = ReadonlyMap<number, number>;

/** What an expression is worth: one number for all periods, a series, or several series. */
export type MathValue = number | TimeSeries | readonly TimeSeries[];

/** What an expression may ask for. */
export interface MathScope {
  /** The value of a metric or of another expression. Throws for an unknown id. */
  readonly value: (id: string) => MathValue;
  /** Every metric of the request, for METRICS(). */
  readonly metrics: () => readonly TimeSeries[];
  /** The starts of all periods, in order. */
  readonly periods: readonly number[];
  readonly periodSeconds: number;
}

/** An expression that has been read. */
export interface MathExpression {
  /** The ids it names. */
  readonly ids: readonly string[];
  readonly evaluate: (scope: MathScope) => MathValue;
}

/** Raised for an expression that cannot be read or worked out; words for people. */
export class MathFault extends Error {}

type Node = (scope: MathScope) => MathValue;
type Binary = (a: number, b: number) => number | undefined;

const OPERATORS: Readonly<Record<string, Binary>> = {
  "||": (a, b) => truth(a !== 0 || b !== 0),
  OR: (a, b) => truth(a !== 0 || b !== 0),
  "&&": (a, b) => truth(a !== 0 && b !== 0),
  AND: (a, b) => truth(a !== 0 && b !== 0),
  "<": (a, b) => truth(a < b),
  ">": (a, b) => truth(a > b),
  "<=": (a, b) => truth(a <= b),
  ">=": (a, b) => truth(a >= b),
  "==": (a, b) => truth(a === b),
  "!=": (a, b) => truth(a !== b),
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
  "*": (a, b) => a * b,
  // A division by zero gives no data point.
  "/": (a, b) => (b === 0 ? undefined : a / b),
  "^": (a, b) => a ** b,
};

/** From the loosest to the tightest. */
const LEVELS: readonly (readonly string[])[] = [
  ["||", "OR"],
  ["&&", "AND"],
  ["<=", ">=", "==", "!=", "<", ">"],
  ["+", "-"],
  ["*", "/"],
  ["^"],
];

/** Reads a metric math expression. Throws {@link MathFault}. Source: CloudWatch user guide, "Metric math syntax and functions". */
export function parseMath(text: string): MathExpression {
  const tokens = tokensOf(text);
  const ids = new Set<string>();
  let at = 0;
  const peek = (): string => tokens[at] ?? "";
  const expect = (token: string): void => {
    if (peek() !== token)
      throw new MathFault(`expected ${token} ${peek() === "" ? "at the end" : `before ${peek()}`} of ${text}`);
    at++;
  };
  const level = (index: number): Node => {
    const operators = LEVELS[index];
    if (operators === undefined) return unary();
    let left = level(index + 1);
    while (operators.includes(peek())) {
      const operator = OPERATORS[tokens[at++] ?? ""];
      const [a, b] = [left, level(index + 1)];
      left = (scope) => combined(a(scope), b(scope), operator ?? (() => undefined));
    }
    return left;
  };
  const unary = (): Node => {
    if (peek() !== "-") return primary();
    at++;
    const inner = unary();
    return (scope) => mapped(inner(scope), (value) => -value);
  };
  const list = (end: string): Node[] => {
    const items: Node[] = [];
    while (peek() !== end) {
      items.push(level(0));
      if (peek() !== end) expect(",");
    }
    expect(end);
    return items;
  };
  const primary = (): Node => {
    const token = tokens[at++] ?? "";
    if (token === "(") {
      const inner = level(0);
      expect(")");
      return inner;
    }
    if (token === "[") {
      const items = list("]");
      return (scope) => items.map((item) => seriesOf(item(scope), scope));
    }
    if (/^[\d.]/.test(token)) return () => Number(token);
    if (/^[a-z]\w*$/.test(token)) {
      ids.add(token);
      return (scope) => scope.value(token);
    }
    const make = FUNCTIONS[token];
    if (make === undefined) {
      throw new MathFault(
        /^[A-Z_]+$/.test(token)
          ? `the sandbox does not serve the function ${token}; it has ${Object.keys(FUNCTIONS).join(", ")}`
          : `unexpected ${token === "" ? "end" : token} in ${text}`,
      );
    }
    expect("(");
    return make(list(")"), token);
  };
  const root = level(0);
  if (at < tokens.length) throw new MathFault(`unexpected ${peek()} in ${text}`);
  return { ids: [...ids], evaluate: root };
}

const FUNCTIONS: Readonly<Record<string, (args: readonly Node[], name: string) => Node>> = {
  ABS: eachValue(Math.abs),
  CEIL: eachValue(Math.ceil),
  FLOOR: eachValue(Math.floor),
  AVG: reduced((values) => sum(values) / values.length),
  MAX: reduced((values) => Math.max(...values)),
  MIN: reduced((values) => Math.min(...values)),
  SUM: reduced(sum),
  FILL: (args, name) => {
    const [series, filler] = needed(args, 2, name);
    return (scope) => {
      const known = seriesOf(series?.(scope) ?? 0, scope);
      const fill = seriesOf(filler?.(scope) ?? 0, scope);
      return collect(scope.periods, (period) => known.get(period) ?? fill.get(period));
    };
  },
  IF: (args, name) => {
    const [condition, yes, no] = needed(args, args.length === 2 ? 2 : 3, name);
    return (scope) => {
      const [test, then, other] = [condition, yes, no].map((part) =>
        part === undefined ? new Map<number, number>() : seriesOf(part(scope), scope),
      );
      return collect(scope.periods, (period) => {
        const value = test?.get(period);
        return value === undefined ? undefined : value !== 0 ? then?.get(period) : other?.get(period);
      });
    };
  },
  METRICS: (args, name) => {
    needed(args, 0, name);
    return (scope) => scope.metrics();
  },
  PERIOD: (args, name) => {
    needed(args, 1, name);
    return (scope) => scope.periodSeconds;
  },
};

function eachValue(change: (value: number) => number): (args: readonly Node[], name: string) => Node {
  return (args, name) => {
    const [inner] = needed(args, 1, name);
    return (scope) => mapped(inner?.(scope) ?? 0, change);
  };
}

/** Of one series: a number. Of several: a series, with what there is in each period. */
function reduced(reduce: (values: readonly number[]) => number): (args: readonly Node[], name: string) => Node {
  return (args, name) => {
    const [inner] = needed(args, 1, name);
    return (scope) => {
      const value = inner?.(scope) ?? 0;
      if (typeof value === "number") return value;
      if (!isList(value)) return value.size === 0 ? new Map() : reduce([...value.values()]);
      return collect(scope.periods, (period) => {
        const present = value.flatMap((series) => series.get(period) ?? []);
        return present.length === 0 ? undefined : reduce(present);
      });
    };
  };
}

function needed(args: readonly Node[], count: number, name: string): readonly Node[] {
  if (args.length !== count) throw new MathFault(`${name} takes ${String(count)} argument(s), not ${String(args.length)}`);
  return args;
}

function combined(a: MathValue, b: MathValue, operator: Binary): MathValue {
  if (isList(a)) return a.map((series) => seriesResult(combined(series, b, operator)));
  if (isList(b)) return b.map((series) => seriesResult(combined(a, series, operator)));
  if (typeof a === "number" && typeof b === "number") return operator(a, b) ?? Number.NaN;
  const periods = [...(typeof a === "number" ? (b as TimeSeries) : a).keys()];
  return collect(periods, (period) => {
    const left = typeof a === "number" ? a : a.get(period);
    const right = typeof b === "number" ? b : b.get(period);
    return left === undefined || right === undefined ? undefined : operator(left, right);
  });
}

function seriesResult(value: MathValue): TimeSeries {
  return value as TimeSeries;
}

function mapped(value: MathValue, change: (value: number) => number): MathValue {
  if (typeof value === "number") return change(value);
  if (isList(value)) return value.map((series) => mapped(series, change) as TimeSeries);
  return new Map([...value].map(([period, one]) => [period, change(one)]));
}

/** A number counts for every period. Throws {@link MathFault} for several series, which fit nowhere but in AVG, MAX, MIN and SUM. */
export function seriesOf(value: MathValue, scope: Pick<MathScope, "periods">): TimeSeries {
  if (typeof value === "number") return collect(scope.periods, () => value);
  if (isList(value)) throw new MathFault("several series stand where one is needed");
  return value;
}

function collect(periods: readonly number[], value: (period: number) => number | undefined): Map<number, number> {
  const found = new Map<number, number>();
  for (const period of periods) {
    const one = value(period);
    if (one !== undefined && Number.isFinite(one)) found.set(period, one);
  }
  return found;
}

function tokensOf(text: string): string[] {
  const token = /\s*(\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|\.\d+|[A-Za-z]\w*|\|\||&&|[<>=!]=|[-+*/^<>()[\],])/y;
  const tokens: string[] = [];
  let at = 0;
  while (text.slice(at).trim() !== "") {
    token.lastIndex = at;
    const found = token.exec(text);
    if (found === null) throw new MathFault(`${JSON.stringify(text.slice(at).trim())} cannot be read`);
    tokens.push(found[1] ?? "");
    at = token.lastIndex;
  }
  return tokens;
}

function truth(value: boolean): number {
  return value ? 1 : 0;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function isList(value: MathValue): value is readonly TimeSeries[] {
  return Array.isArray(value);
}

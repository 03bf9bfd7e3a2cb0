import { ARGUMENT_WORDS, FUNCTIONS, type Argument } from "./metric-math-functions.ts";
import {
  combined,
  isList,
  mapped,
  MathFault,
  seriesOf,
  type MathNode,
  type MathValue,
  type Operator,
} from "./metric-math-values.ts";
import type { MathScope } from "./metric-math-values.ts";

export { isList, MathFault, type MathScope, type MathValue, seriesOf, type TimeSeries } from "./metric-math-values.ts";

/** The longest expression. Source: CloudWatch API reference, MetricDataQuery. */
const MAX_LENGTH = 2048;

/** An expression that has been read. */
export interface MathExpression {
  /** The ids it names. */
  readonly ids: readonly string[];
  readonly evaluate: (scope: MathScope) => MathValue;
}

const OPERATORS: Readonly<Record<string, Operator>> = {
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
  if (text.length > MAX_LENGTH)
    throw new MathFault(`an expression has ${String(MAX_LENGTH)} characters at most, not ${String(text.length)}`);
  const parser = new Parser(text);
  const evaluate = parser.whole();
  return { ids: [...parser.ids], evaluate };
}

class Parser {
  readonly ids = new Set<string>();
  private readonly text: string;
  private readonly tokens: readonly string[];
  private at = 0;

  constructor(text: string) {
    this.text = text;
    this.tokens = tokensOf(text);
  }

  whole(): MathNode {
    const node = this.level(0);
    if (this.at < this.tokens.length) throw new MathFault(`unexpected ${this.peek()} in ${this.text}`);
    return node;
  }

  private level(index: number): MathNode {
    const operators = LEVELS[index];
    if (operators === undefined) return this.unary();
    let left = this.level(index + 1);
    while (operators.includes(this.peek())) {
      const operator = OPERATORS[this.next()] ?? (() => undefined);
      const [a, b] = [left, this.level(index + 1)];
      left = (scope) => combined(a(scope), b(scope), operator);
    }
    return left;
  }

  private unary(): MathNode {
    if (this.peek() !== "-") return this.primary();
    this.next();
    const inner = this.unary();
    return (scope) => mapped(inner(scope), (value) => -value);
  }

  private primary(): MathNode {
    const token = this.next();
    if (token === "(") {
      const inner = this.level(0);
      this.expect(")");
      return inner;
    }
    if (token === "[") {
      const items = this.list("]", () => this.level(0));
      return (scope) =>
        items.flatMap((item) => {
          const value = item(scope);
          return isList(value) ? value : [seriesOf(value, scope)];
        });
    }
    if (/^[\d.]/.test(token)) return () => Number(token);
    if (/^[a-z]\w*$/.test(token)) {
      this.ids.add(token);
      return (scope) => scope.value(token);
    }
    return this.call(token);
  }

  private call(name: string): MathNode {
    const make = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
    if (make === undefined) {
      throw new MathFault(
        /^[A-Z]\w*$/.test(name)
          ? `the sandbox does not serve the function ${name}; it has ${Object.keys(FUNCTIONS).join(", ")}`
          : `unexpected ${name === "" ? "end" : name} in ${this.text}`,
      );
    }
    this.expect("(");
    return make(
      this.list(")", () => this.argument()),
      name,
    );
  }

  private argument(): Argument {
    const token = this.peek();
    if (token.startsWith('"')) return { text: this.next().slice(1, -1) };
    return ARGUMENT_WORDS.includes(token) ? { word: this.next() } : { node: this.level(0) };
  }

  private list<T>(end: string, item: () => T): T[] {
    const items: T[] = [];
    while (this.peek() !== end) {
      if (items.length > 0) this.expect(",");
      items.push(item());
    }
    this.expect(end);
    return items;
  }

  private peek(): string {
    return this.tokens[this.at] ?? "";
  }

  private next(): string {
    return this.tokens[this.at++] ?? "";
  }

  private expect(token: string): void {
    const found = this.next();
    if (found !== token)
      throw new MathFault(`expected ${token} ${found === "" ? "at the end" : `before ${found}`} of ${this.text}`);
  }
}

function tokensOf(text: string): string[] {
  const token = /\s*(\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|\.\d+|[A-Za-z]\w*|"[^"]*"|\|\||&&|[<>=!]=|[-+*/^<>()[\],])/y;
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

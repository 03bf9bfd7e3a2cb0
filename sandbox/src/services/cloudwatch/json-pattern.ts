import type { Matcher } from "./filter-pattern.ts";
import { readSelector, type Selector } from "./json-selector.ts";
import { PatternFault, regexBetweenPercents, wildcardTest } from "./pattern-text.ts";

type Condition = (event: unknown) => boolean;
type Operator = "=" | "!=" | "<" | ">" | "<=" | ">=";

const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/;

/** Reads a JSON pattern, braces included: comparisons joined by `&&` (binds tighter) and `||`, with parentheses. Throws {@link PatternFault}. */
export function parseJsonPattern(text: string): Matcher {
  if (!text.endsWith("}")) throw new PatternFault("the closing brace is missing");
  const reader = new Reader(text.slice(1, -1));
  const condition = reader.either();
  if (!reader.done()) throw new PatternFault(`unexpected ${JSON.stringify(reader.rest())}`);
  return (_, parsed) => parsed !== undefined && condition(parsed);
}

class Reader {
  private readonly text: string;
  private at = 0;

  constructor(text: string) {
    this.text = text;
  }

  either(): Condition {
    const parts = [this.both()];
    while (this.take("||")) parts.push(this.both());
    return (event) => parts.some((part) => part(event));
  }

  done(): boolean {
    return this.rest() === "";
  }

  rest(): string {
    return this.text.slice(this.at).trim();
  }

  private both(): Condition {
    const parts = [this.one()];
    while (this.take("&&")) parts.push(this.one());
    return (event) => parts.every((part) => part(event));
  }

  private one(): Condition {
    if (this.take("(")) {
      const inner = this.either();
      if (!this.take(")")) throw new PatternFault("a closing parenthesis is missing");
      return inner;
    }
    this.skipSpace();
    const { select, length } = readSelector(this.text.slice(this.at));
    this.at += length;
    return this.state(select) ?? this.comparison(select);
  }

  /** `IS NULL`, `IS TRUE`, `IS FALSE`, `EXISTS`, `NOT EXISTS`. */
  private state(select: Selector): Condition | undefined {
    const word = this.match(/IS\s+(NULL|TRUE|FALSE)\b|(?:NOT\s+)?EXISTS\b/iy)
      ?.replace(/\s+/g, " ")
      .toUpperCase();
    if (word === undefined) return undefined;
    if (word === "EXISTS") return (event) => select(event).length > 0;
    if (word === "NOT EXISTS") return (event) => select(event).length === 0;
    const wanted = { "IS NULL": null, "IS TRUE": true, "IS FALSE": false }[word];
    return (event) => select(event).some((value) => value === wanted);
  }

  private comparison(select: Selector): Condition {
    const operator = this.match(/!=|<=|>=|=|<|>/y) as Operator | undefined;
    if (operator === undefined) throw new PatternFault(`a comparison is missing before ${JSON.stringify(this.rest())}`);
    const test = this.operand(operator);
    return (event) => select(event).some(test);
  }

  private operand(operator: Operator): (value: unknown) => boolean {
    const given = this.match(/"(?:[^"\\]|\\.)*"|%[^%]*%|[^\s&|()"%]+/y);
    if (given === undefined) throw new PatternFault(`a value is missing after ${operator}`);
    if (NUMBER.test(given)) return numberTest(operator, Number(given));
    if (operator !== "=" && operator !== "!=") throw new PatternFault(`${operator} compares numbers, and ${given} is not one`);
    const test = textTest(given);
    const wanted = operator === "=";
    return (value) => (typeof value === "string" || typeof value === "number") && test(String(value)) === wanted;
  }

  private take(sign: string): boolean {
    this.skipSpace();
    if (!this.text.startsWith(sign, this.at)) return false;
    this.at += sign.length;
    return true;
  }

  private match(expression: RegExp): string | undefined {
    this.skipSpace();
    expression.lastIndex = this.at;
    const found = expression.exec(this.text)?.[0];
    this.at += found?.length ?? 0;
    return found;
  }

  private skipSpace(): void {
    while (/\s/.test(this.text[this.at] ?? "")) this.at++;
  }
}

function textTest(given: string): (value: string) => boolean {
  if (given.startsWith("%")) {
    const expression = regexBetweenPercents(given);
    return (value) => expression.test(value);
  }
  return wildcardTest(given.startsWith('"') ? given.slice(1, -1).replace(/\\(.)/g, "$1") : given);
}

function numberTest(operator: Operator, wanted: number): (value: unknown) => boolean {
  const compare: Readonly<Record<Operator, (value: number) => boolean>> = {
    "=": (value) => value === wanted,
    "!=": (value) => value !== wanted,
    "<": (value) => value < wanted,
    ">": (value) => value > wanted,
    "<=": (value) => value <= wanted,
    ">=": (value) => value >= wanted,
  };
  return (value) => typeof value === "number" && compare[operator](value);
}

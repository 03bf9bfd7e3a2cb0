import { PatternFault } from "./pattern-text.ts";

/** A property selector, such as `$.request.headers[0].name`: gives every value that it leads to; none where the path does not exist. */
export type Selector = (event: unknown) => unknown[];

type Step = { readonly name: string } | { readonly index: number } | { readonly any: true };

/** The selector at the start of `text` and how many characters it takes. Throws {@link PatternFault}. */
export function readSelector(text: string): { readonly select: Selector; readonly length: number } {
  if (!text.startsWith("$")) throw new PatternFault(`expected a property selector such as $.status at ${JSON.stringify(text)}`);
  const steps: Step[] = [];
  const part = /\.([\w@-]+)|\.(\*)|\[(\d+)\]|\[(\*)\]|\.?\["([^"]+)"\]|\.?\['([^']+)'\]/y;
  let at = 1;
  for (;;) {
    part.lastIndex = at;
    const found = part.exec(text);
    if (found === null) break;
    steps.push(stepOf(found));
    at = part.lastIndex;
  }
  if (steps.length === 0) throw new PatternFault(`${JSON.stringify(text)} does not name a property; write $.name`);
  if (steps.filter((step) => "any" in step).length > 1) throw new PatternFault("a property selector takes one wildcard at most");
  return { select: (event) => follow(event, steps), length: at };
}

/** The selector that `text` is as a whole. Throws {@link PatternFault}. */
export function wholeSelector(text: string): Selector {
  const { select, length } = readSelector(text);
  if (length !== text.length) throw new PatternFault(`${JSON.stringify(text)} is not a property selector such as $.name`);
  return select;
}

function stepOf([, name, star, index, anyItem, quoted, single]: RegExpExecArray): Step {
  if (star !== undefined || anyItem !== undefined) return { any: true };
  return index === undefined ? { name: name ?? quoted ?? single ?? "" } : { index: Number(index) };
}

function follow(event: unknown, steps: readonly Step[]): unknown[] {
  let found: unknown[] = [event];
  for (const step of steps) found = found.flatMap((value) => next(value, step));
  return found;
}

function next(value: unknown, step: Step): unknown[] {
  if (typeof value !== "object" || value === null) return [];
  if ("any" in step) return Object.values(value);
  if ("index" in step) return Array.isArray(value) && step.index < value.length ? [value[step.index]] : [];
  return !Array.isArray(value) && Object.hasOwn(value, step.name) ? [(value as Record<string, unknown>)[step.name]] : [];
}

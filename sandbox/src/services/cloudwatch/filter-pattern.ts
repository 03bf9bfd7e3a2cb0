import { CloudError } from "../../core/definition.ts";
import { parseJsonPattern } from "./json-pattern.ts";
import { PatternFault, regexBetweenPercents, requireFewExpressions } from "./pattern-text.ts";

/** Whether a log event matches. `parsed` is the event read as JSON, or undefined where it is not a JSON object or list. */
export type Matcher = (message: string, parsed: unknown) => boolean;

/** A filter pattern of CloudWatch Logs, ready to use. */
export interface FilterPattern {
  readonly matches: Matcher;
  /** Whether the pattern looks at JSON fields; events need not be parsed for one that does not. */
  readonly needsJson: boolean;
}

/**
 * Reads a filter pattern: empty (everything), terms (`ERROR -Timeout "not found"`, `?ERROR ?WARN`), a regular expression (`%4\d\d%`) or a JSON pattern
 * (`{ $.status >= 500 && $.path = "/api/*" }`). Throws `InvalidParameterException`, also for the space-delimited patterns `[a, b, ...]`, which the sandbox
 * does not serve. Source: CloudWatch Logs user guide, "Filter pattern syntax".
 */
export function parseFilterPattern(pattern: string): FilterPattern {
  try {
    const text = pattern.trim();
    if (pattern.length > 1024) throw new PatternFault("it has more than 1024 characters");
    requireFewExpressions(text);
    if (text.startsWith("{")) return { matches: parseJsonPattern(text), needsJson: true };
    if (text.startsWith("[")) throw new PatternFault("the sandbox does not serve space-delimited patterns");
    return { matches: parseTerms(text), needsJson: false };
  } catch (error) {
    if (!(error instanceof PatternFault)) throw error;
    throw new CloudError("InvalidParameterException", `Invalid filter pattern ${JSON.stringify(pattern)}: ${error.message}`);
  }
}

/** An event as JSON; undefined where it is not an object or a list. */
export function parsedEvent(message: string): unknown {
  if (!/^\s*[[{]/.test(message)) return undefined;
  try {
    return JSON.parse(message) as unknown;
  } catch {
    return undefined;
  }
}

type Test = (message: string) => boolean;

function parseTerms(text: string): Matcher {
  const all: Test[] = [];
  const none: Test[] = [];
  const any: Test[] = [];
  const term = /\s*([?-]?)(?:"((?:[^"\\]|\\.)*)"|(%[^%]*%)|([^\s"%]+))/y;
  let at = 0;
  while (text.slice(at).trim() !== "") {
    term.lastIndex = at;
    const found = term.exec(text);
    if (found === null) throw new PatternFault(`it cannot be read from ${JSON.stringify(text.slice(at).trim())} on`);
    const [, sign = "", quoted, regex, plain] = found;
    const list = sign === "?" ? any : sign === "-" ? none : all;
    list.push(testOf(quoted, regex, plain));
    at = term.lastIndex;
  }
  // As in CloudWatch, optional terms count only where there is no other kind.
  const optional = all.length === 0 && none.length === 0 ? any : [];
  return (message) =>
    all.every((test) => test(message)) &&
    !none.some((test) => test(message)) &&
    (optional.length === 0 || optional.some((test) => test(message)));
}

function testOf(quoted: string | undefined, regex: string | undefined, plain: string | undefined): Test {
  if (regex !== undefined) {
    const expression = regexBetweenPercents(regex);
    return (message) => expression.test(message);
  }
  if (plain !== undefined && !/^\w+$/.test(plain)) {
    throw new PatternFault(
      `the term ${plain} has characters other than letters, digits and underscores; put it in double quotes`,
    );
  }
  const words = plain ?? (quoted ?? "").replace(/\\(.)/g, "$1");
  return (message) => message.includes(words);
}

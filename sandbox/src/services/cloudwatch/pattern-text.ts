/** Raised inside the readers of filter patterns; says what is wrong in words that go on from "Invalid filter pattern ...:". */
export class PatternFault extends Error {}

/** How many regular expressions a pattern may have. Source: CloudWatch Logs quotas. */
const MAX_EXPRESSIONS = 2;

/** Throws {@link PatternFault} for a pattern with more regular expressions than CloudWatch Logs takes. */
export function requireFewExpressions(pattern: string): void {
  const outsideQuotes = pattern.replace(/"(?:[^"\\]|\\.)*"/g, "");
  const count = [...outsideQuotes.matchAll(/%[^%]*%/g)].length;
  if (count > MAX_EXPRESSIONS)
    throw new PatternFault(`it has ${String(count)} regular expressions; ${String(MAX_EXPRESSIONS)} are allowed`);
}

/**
 * The expression between two percent signs. CloudWatch takes letters, digits, spaces, `_ # = @ / ; , - :` and the operators `^ $ ? [ ] { } | \ * + .`;
 * there are no groups.
 */
export function regexBetweenPercents(text: string): RegExp {
  const inner = text.slice(1, -1);
  const odd = /[^\w#=@/;,:\s^$?[\]{}|\\*+.-]/.exec(inner)?.[0];
  if (odd !== undefined) throw new PatternFault(`the character ${odd} is not supported in a regular expression`);
  if (inner === "") throw new PatternFault("it has an empty regular expression");
  try {
    return new RegExp(inner);
  } catch {
    throw new PatternFault(`%${inner}% is not a regular expression`);
  }
}

/**
 * A test for text in which `*` at the beginning or the end stands for any run of characters; in between it is itself.
 * Source: CloudWatch Logs user guide, "Filter and pattern syntax": "Ev*ent will only match the actual string Ev*ent".
 */
export function wildcardTest(pattern: string): (value: string) => boolean {
  if (/^\*+$/.test(pattern)) return () => true;
  const [open, close] = [pattern.startsWith("*"), pattern.endsWith("*")];
  const words = pattern.slice(open ? 1 : 0, close ? -1 : undefined);
  if (open && close) return (value) => value.includes(words);
  if (open) return (value) => value.endsWith(words);
  return close ? (value) => value.startsWith(words) : (value) => value === words;
}

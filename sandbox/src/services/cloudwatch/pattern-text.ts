/** Raised inside the readers of filter patterns; says what is wrong in words that go on from "Invalid filter pattern ...:". */
export class PatternFault extends Error {}

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

/** A test for text in which `*` stands for any run of characters. */
export function wildcardTest(pattern: string): (value: string) => boolean {
  if (!pattern.includes("*")) return (value) => value === pattern;
  const expression = new RegExp(`^${pattern.split("*").map(escaped).join("[^]*")}$`);
  return (value) => expression.test(value);
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

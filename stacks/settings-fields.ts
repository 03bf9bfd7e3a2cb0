import { closest } from "fastest-levenshtein";
import { z } from "zod";

/** What people read about a value that does not fit. Values of config arrive as text, lists as JSON. */
function refusal(given: unknown, allowed: string): string {
  return given === undefined ? `nothing is given; allowed: ${allowed}` : `${shown(given)} is given; allowed: ${allowed}`;
}

/** A value in quotes, cut where it gets too long for a line; line breaks are shown as `\n`. */
export function shown(given: unknown): string {
  const quoted = JSON.stringify(given);
  return quoted.length > 80 ? `${quoted.slice(0, 76)}..."` : quoted;
}

function given(allowed: string) {
  return z.string({ error: ({ input }) => refusal(input, allowed) });
}

/** Text of a shape, at most so many characters long. */
export function text(pattern: RegExp, allowed: string, maxLength = 1000) {
  return given(allowed).refine((value) => pattern.test(value) && value.length <= maxLength, {
    error: ({ input }) => refusal(input, allowed),
  });
}

/** One of a few words, all of which the refusal lists. */
export function choice<Word extends string>(words: readonly Word[]) {
  const allowed = words.join(", ");
  return given(allowed).refine((value): value is Word => (words as readonly string[]).includes(value), {
    error: ({ input }) => refusal(input, allowed),
  });
}

/** One of many words, of which the refusal names the nearest. */
export function nearestOf(words: readonly string[], allowed: string) {
  return given(allowed).refine((value) => words.includes(value), {
    error: ({ input }) => `${refusal(input, allowed)}; the nearest is ${closest(String(input), words)}`,
  });
}

/** A number between two ends (included), in steps from zero. */
export function amount(least: number, most: number, step: number) {
  const allowed = `${least} to ${most}${step === 1 ? ", whole" : ` in steps of ${step}`}`;
  return given(allowed)
    .refine((value) => /^\d{1,9}(\.\d{1,3})?$/.test(value) && fits(Number(value), least, most, step), {
      error: ({ input }) => refusal(input, allowed),
    })
    .transform(Number);
}

function fits(value: number, least: number, most: number, step: number): boolean {
  return value >= least && value <= most && Number.isInteger(value / step);
}

/** `true` or `false`, and nothing that merely looks like it. */
export function yesOrNo() {
  return choice(["true", "false"]).transform((value) => value === "true");
}

/** A JSON list of different texts of one shape. */
export function list(pattern: RegExp, allowed: string) {
  return given(allowed).transform((value, context): string[] => {
    const items = jsonTexts(value);
    if (items?.every((item) => pattern.test(item)) === true && new Set(items).size === items.length) return items;
    context.addIssue({ code: "custom", message: refusal(value, allowed) });
    return z.NEVER;
  });
}

function jsonTexts(value: string): string[] | undefined {
  try {
    const parsed: unknown = JSON.parse(value);
    return Array.isArray(parsed) && parsed.every((item) => typeof item === "string") ? parsed : undefined;
  } catch {
    return undefined;
  }
}

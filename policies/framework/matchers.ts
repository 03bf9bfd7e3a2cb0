import type { Property } from "./property.ts";

/** What a property must be: how to tell, and how to say it. */
export interface Matcher<T> {
  /** Whether it is right. May throw `UnknownInput`. */
  readonly fits: (property: Property<T>) => boolean;
  /** Ends the sentence "it must ...". */
  readonly wanted: string;
}

/** Exactly this value. */
export function be(wanted: string): Matcher<string>;
export function be(wanted: number): Matcher<number>;
export function be(wanted: number | string): Matcher<unknown> {
  return { fits: ({ value }) => value === wanted, wanted: `be ${JSON.stringify(wanted)}` };
}

/** True, in whichever way the provider writes it: some resources hold flags as text. */
export const beTrue: Matcher<boolean | string> = { fits: ({ value }) => value === true || value === "true", wanted: "be true" };

/** False or absent. */
export const beFalse: Matcher<boolean | string> = { fits: ({ value }) => value !== true && value !== "true", wanted: "be false" };

/** One of these values. */
export function beOneOf(...wanted: readonly (number | string)[]): Matcher<number | string> {
  return {
    fits: ({ value }) => value !== undefined && wanted.includes(value),
    wanted: wanted.length === 1 ? `be ${JSON.stringify(wanted[0])}` : `be one of ${spelt(wanted)}`,
  };
}

/** None of these values; absence is right. */
export function beNoneOf(...unwanted: readonly (number | string)[]): Matcher<number | string> {
  return {
    fits: ({ value }) => value === undefined || !unwanted.includes(value),
    wanted: unwanted.length === 1 ? `not be ${JSON.stringify(unwanted[0])}` : `be none of ${spelt(unwanted)}`,
  };
}

/** A number of at least so much; absence counts as nothing. @param unit plural, such as "days". @default - none */
export function beAtLeast(least: number, unit = ""): Matcher<number> {
  return { fits: ({ value }) => value !== undefined && value >= least, wanted: `be at least ${amount(least, unit)}` };
}

/** A number of at most so much; absence is wrong, as it mostly means "without limit". @param unit plural. @default - none */
export function beAtMost(most: number, unit = ""): Matcher<number> {
  return { fits: ({ value }) => value !== undefined && value <= most, wanted: `be at most ${amount(most, unit)}` };
}

/** There and not empty. @param wanted what it must say, such as "name the key". @default "be set" */
export function beSet(wanted = "be set"): Matcher<unknown> {
  return { fits: ({ isSet }) => isSet, wanted };
}

/** Absent or empty. @param wanted what to do instead. @default "be left out" */
export function beLeftOut(wanted = "be left out"): Matcher<unknown> {
  return { fits: ({ isSet }) => !isSet, wanted };
}

/** A list that holds all of these. */
export function include(...wanted: readonly (number | string)[]): Matcher<readonly (number | string)[]> {
  return { fits: ({ value = [] }) => wanted.every((each) => value.includes(each)), wanted: `include ${spelt(wanted)}` };
}

/** Whatever a predicate says. @param wanted ends the sentence "it must ..." */
export function fit<T>(wanted: string, fits: (value: T | undefined) => boolean): Matcher<T> {
  return { fits: ({ value }) => fits(value), wanted };
}

/** Values as a message lists them. */
export function spelt(values: readonly (number | string)[]): string {
  return values.map((value) => JSON.stringify(value)).join(", ");
}

function amount(count: number, unit: string): string {
  return `${String(count)} ${count === 1 ? unit.replace(/s$/, "") : unit}`.trimEnd();
}

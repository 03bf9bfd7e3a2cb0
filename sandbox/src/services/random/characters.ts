import { randomInt } from "node:crypto";
import { CloudError } from "../../core/definition.ts";
import type { Props } from "../../core/values.ts";
import type { Limit } from "../limits.ts";

const UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const LOWER = UPPER.toLowerCase();
const DIGITS = "0123456789";
const SPECIAL = "!@#$%&*()-_=+[]{}<>:?";

const count = (inputs: Props, name: string): number => (typeof inputs[name] === "number" ? inputs[name] : 0);

/** `length` must be at least 1 and leave room for all the minimums, as the provider says it. */
export const lengthLimit: Limit = (value, inputs) => {
  if (typeof value !== "number" || !Number.isInteger(value) || value < 1)
    return `length value must be at least 1, got: ${JSON.stringify(value)}`;
  const least = ["minUpper", "minLower", "minNumeric", "minSpecial"].reduce((sum, name) => sum + count(inputs, name), 0);
  if (value >= least) return undefined;
  return `length value must be at least sum of minUpper + minLower + minNumeric + minSpecial (${least}), got: ${value}`;
};

/** A minimum must not be negative. */
export const minimumLimit: Limit = (value) =>
  typeof value === "number" && Number.isInteger(value) && value >= 0
    ? undefined
    : `must be at least 0, got: ${JSON.stringify(value)}`;

/** Inputs that RandomPassword and RandomString share; each of them makes a new value. */
export const characterInputs: readonly string[] = [
  "keepers",
  "length",
  "lower",
  "minLower",
  "minNumeric",
  "minSpecial",
  "minUpper",
  "number",
  "numeric",
  "overrideSpecial",
  "special",
  "upper",
];

const pick = (alphabet: string): string => alphabet.charAt(randomInt(alphabet.length));

/** In place, every order equally likely. */
function shuffle(items: string[]): string[] {
  for (let last = items.length - 1; last > 0; last--) {
    const other = randomInt(last + 1);
    [items[last], items[other]] = [items[other] ?? "", items[last] ?? ""];
  }
  return items;
}

/** A string of the asked length and classes: first the minimums of each class, the rest from all wanted classes, then shuffled. */
export function randomCharacters(inputs: Props): string {
  const wanted = (name: string): boolean => inputs[name] !== false;
  const special =
    typeof inputs["overrideSpecial"] === "string" && inputs["overrideSpecial"] !== "" ? inputs["overrideSpecial"] : SPECIAL;
  const numeric = wanted("numeric") && wanted("number");
  const alphabet = [wanted("upper") && UPPER, wanted("lower") && LOWER, numeric && DIGITS, wanted("special") && special]
    .filter(Boolean)
    .join("");
  const length = count(inputs, "length");
  const least = [
    ["minUpper", UPPER],
    ["minLower", LOWER],
    ["minNumeric", DIGITS],
    ["minSpecial", special],
  ].flatMap(([name = "", from = ""]) => Array.from({ length: count(inputs, name) }, () => pick(from)));
  if (alphabet === "" && least.length < length) {
    throw new CloudError("InvalidInput", "at least one of upper, lower, numeric and special must be true");
  }
  return shuffle([...least, ...Array.from({ length: length - least.length }, () => pick(alphabet))]).join("");
}

/** What the provider shows for inputs that were not given. */
export function characterOutputs(inputs: Props): Props {
  const numeric = inputs["numeric"] ?? inputs["number"] ?? true;
  return {
    lower: inputs["lower"] ?? true,
    minLower: inputs["minLower"] ?? 0,
    minNumeric: inputs["minNumeric"] ?? 0,
    minSpecial: inputs["minSpecial"] ?? 0,
    minUpper: inputs["minUpper"] ?? 0,
    number: numeric,
    numeric,
    special: inputs["special"] ?? true,
    upper: inputs["upper"] ?? true,
  };
}

import { randomInt } from "node:crypto";
import type { ResourceDefinition } from "../../core/definition.ts";
import type { Limit } from "../limits.ts";
import { ownId } from "./own-id.ts";

/** Where `randomInt` ends: 48 bits between the two. */
const WIDEST = 2 ** 48 - 1;

const range: Limit = (max, inputs) => {
  const min = inputs["min"];
  if (typeof max !== "number" || typeof min !== "number") return undefined;
  if (!Number.isInteger(max) || !Number.isInteger(min)) return `min and max must be whole numbers (given: ${min} and ${max})`;
  if (max < min) return `minimum value ${min} must not be greater than maximum value ${max}`;
  return max - min < WIDEST ? undefined : `the range from ${min} to ${max} is too wide; at most ${WIDEST} numbers are served`;
};

const TYPE = "random:index/randomInteger:RandomInteger";

/** A whole number from `min` to `max`, both possible. */
export const randomInteger: ResourceDefinition = {
  type: TYPE,
  replaceOn: ["keepers", "max", "min", "seed"],
  limits: {
    max: range,
    // The provider draws from Go's seeded generator; another number under the same seed would mislead.
    seed: () => "a seed is not served by the sandbox: the provider's number for it cannot be told here; leave it out",
  },
  create: (operation) => {
    const { inputs } = operation;
    const result = randomInt(Number(inputs["min"]), Number(inputs["max"]) + 1);
    return { id: ownId(operation, TYPE, String(result)), outputs: { result } };
  },
};

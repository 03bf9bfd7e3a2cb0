import { randomInt } from "node:crypto";
import type { ResourceDefinition } from "../../core/definition.ts";
import type { Props } from "../../core/values.ts";
import { text } from "../../core/values.ts";
import { between } from "../limits.ts";
import { ownId } from "./own-id.ts";
import { adjectives, adverbs, animals } from "./words.ts";

const pick = (words: readonly string[]): string => words[randomInt(words.length)] ?? "";

const TYPE = "random:index/randomPet:RandomPet";

function nameFor(inputs: Props): string {
  const length = Number(inputs["length"]);
  const words = [
    ...Array.from({ length: Math.max(0, length - 2) }, () => pick(adverbs)),
    ...(length > 1 ? [pick(adjectives)] : []),
    pick(animals),
  ];
  const prefix = text(inputs, "prefix");
  return (prefix === "" ? words : [prefix, ...words]).join(text(inputs, "separator"));
}

/** A name that people can remember: `[prefix-][adverbs-]adjective-animal`. */
export const randomPet: ResourceDefinition = {
  type: TYPE,
  replaceOn: ["keepers", "length", "prefix", "separator"],
  defaults: { length: 2, separator: "-" },
  limits: { length: between(1, 100) },
  create: (operation) => ({ id: ownId(operation, TYPE, nameFor(operation.inputs)) }),
};

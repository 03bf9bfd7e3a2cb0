import type { ResourceDefinition } from "../../core/definition.ts";
import { characterInputs, characterOutputs, lengthLimit, minimumLimit, randomCharacters } from "./characters.ts";

/** A string that is no secret. */
export const randomString: ResourceDefinition = {
  type: "random:index/randomString:RandomString",
  replaceOn: characterInputs,
  limits: {
    length: lengthLimit,
    minLower: minimumLimit,
    minNumeric: minimumLimit,
    minSpecial: minimumLimit,
    minUpper: minimumLimit,
  },
  create: ({ inputs }) => {
    const result = randomCharacters(inputs);
    return { id: result, outputs: { ...characterOutputs(inputs), result } };
  },
};

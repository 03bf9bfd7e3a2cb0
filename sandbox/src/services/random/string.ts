import type { ResourceDefinition } from "../../core/definition.ts";
import { characterInputs, characterOutputs, lengthLimit, minimumLimit, randomCharacters } from "./characters.ts";
import { ownId } from "./own-id.ts";

const TYPE = "random:index/randomString:RandomString";

/** A string that is no secret. */
export const randomString: ResourceDefinition = {
  type: TYPE,
  replaceOn: characterInputs,
  limits: {
    length: lengthLimit,
    minLower: minimumLimit,
    minNumeric: minimumLimit,
    minSpecial: minimumLimit,
    minUpper: minimumLimit,
  },
  create: (operation) => {
    const { inputs } = operation;
    const result = randomCharacters(inputs);
    return { id: ownId(operation, TYPE, result), outputs: { ...characterOutputs(inputs), result } };
  },
};

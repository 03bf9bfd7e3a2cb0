import { hashSync } from "bcryptjs";
import type { ResourceDefinition } from "../../core/definition.ts";
import { characterInputs, characterOutputs, lengthLimit, minimumLimit, randomCharacters } from "./characters.ts";
import { ownId } from "./own-id.ts";

/** bcrypt's usual cost, and the most bytes that it reads. */
const COST = 10;
const MOST_BYTES = 72;

const TYPE = "random:index/randomPassword:RandomPassword";

/** A secret string, and its bcrypt hash. */
export const randomPassword: ResourceDefinition = {
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
    const bcryptHash = hashSync(Buffer.from(result).subarray(0, MOST_BYTES).toString(), COST);
    // A secret must not stand in an id: the provider calls every password "none".
    return { id: ownId(operation, TYPE, "none"), outputs: { ...characterOutputs(inputs), result, bcryptHash } };
  },
};

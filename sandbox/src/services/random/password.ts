import { hashSync } from "bcryptjs";
import type { ResourceDefinition } from "../../core/definition.ts";
import { newId } from "../../core/ids.ts";
import { characterInputs, characterOutputs, lengthLimit, minimumLimit, randomCharacters } from "./characters.ts";

/** bcrypt's usual cost, and the most bytes that it reads. */
const COST = 10;
const MOST_BYTES = 72;

/** A secret string, and its bcrypt hash. */
export const randomPassword: ResourceDefinition = {
  type: "random:index/randomPassword:RandomPassword",
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
    const bcryptHash = hashSync(Buffer.from(result).subarray(0, MOST_BYTES).toString(), COST);
    // The provider's id is always "none"; here an id must be the resource's own.
    return { id: newId("none"), outputs: { ...characterOutputs(inputs), result, bcryptHash } };
  },
};

import { randomUUID } from "node:crypto";
import type { ResourceDefinition } from "../../core/definition.ts";

/** A version 4 UUID. */
export const randomUuid: ResourceDefinition = {
  type: "random:index/randomUuid:RandomUuid",
  replaceOn: ["keepers"],
  create: () => {
    const result = randomUUID();
    return { id: result, outputs: { result } };
  },
};

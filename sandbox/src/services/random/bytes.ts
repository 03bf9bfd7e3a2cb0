import { randomBytes as draw } from "node:crypto";
import type { ResourceDefinition } from "../../core/definition.ts";
import { between } from "../limits.ts";
import { ownId } from "./own-id.ts";

const TYPE = "random:index/randomBytes:RandomBytes";

/** Secret random bytes. */
export const randomBytes: ResourceDefinition = {
  type: TYPE,
  replaceOn: ["keepers", "length"],
  limits: { length: between(1, 65_536) },
  create: (operation) => {
    const bytes = draw(Number(operation.inputs["length"]));
    // They are secret, and ids stand in plain in every state and log.
    const id = ownId(operation, TYPE, "none");
    return { id, outputs: { base64: bytes.toString("base64"), hex: bytes.toString("hex") } };
  },
};

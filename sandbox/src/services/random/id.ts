import { randomBytes } from "node:crypto";
import type { ResourceDefinition } from "../../core/definition.ts";
import { text } from "../../core/values.ts";
import { between } from "../limits.ts";
import { ownId } from "./own-id.ts";

const TYPE = "random:index/randomId:RandomId";

/** Random bytes in four spellings. The prefix stands before each of them but not in the id. */
export const randomId: ResourceDefinition = {
  type: TYPE,
  replaceOn: ["byteLength", "keepers", "prefix"],
  limits: { byteLength: between(1, 65_536) },
  create: (operation) => {
    const { inputs } = operation;
    const bytes = randomBytes(Number(inputs["byteLength"]));
    const prefix = text(inputs, "prefix");
    const hex = bytes.toString("hex");
    return {
      id: ownId(operation, TYPE, bytes.toString("base64url")),
      outputs: {
        b64Std: prefix + bytes.toString("base64"),
        b64Url: prefix + bytes.toString("base64url"),
        dec: prefix + BigInt(`0x${hex}`).toString(),
        hex: prefix + hex,
      },
    };
  },
};

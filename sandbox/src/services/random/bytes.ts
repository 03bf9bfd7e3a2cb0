import { randomBytes as draw } from "node:crypto";
import type { ResourceDefinition } from "../../core/definition.ts";
import { between } from "../limits.ts";

/** Secret random bytes. */
export const randomBytes: ResourceDefinition = {
  type: "random:index/randomBytes:RandomBytes",
  replaceOn: ["keepers", "length"],
  limits: { length: between(1, 65_536) },
  create: ({ inputs }) => {
    const bytes = draw(Number(inputs["length"]));
    const base64 = bytes.toString("base64");
    return { id: base64, outputs: { base64, hex: bytes.toString("hex") } };
  },
};

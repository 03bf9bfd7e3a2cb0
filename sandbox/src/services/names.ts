import { randomBytes } from "node:crypto";
import { text, type Props } from "../core/values.ts";

/** How many characters the provider adds to a `namePrefix` (terraform-plugin-sdk, `id.UniqueIDSuffixLength`). */
export const PREFIX_SUFFIX_LENGTH = 26;

/** The name that a new resource goes by: the one given under `property`, or the prefix (`namePrefix`, `bucketPrefix`) and 26 characters that nothing else has. */
export function chosenName(inputs: Props, property = "name"): string {
  const prefix = text(inputs, `${property}Prefix`);
  return prefix === "" ? text(inputs, property) : `${prefix}${randomBytes(PREFIX_SUFFIX_LENGTH / 2).toString("hex")}`;
}

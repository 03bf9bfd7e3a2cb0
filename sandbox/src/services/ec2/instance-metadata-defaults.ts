import type { ResourceDefinition } from "../../core/definition.ts";
import type { Limit } from "../limits.ts";
import { oneOf } from "../limits.ts";
import { METADATA_DEFAULTS } from "./region-settings.ts";

/** -1 stands for "no preference" (Amazon EC2 API Reference, ModifyInstanceMetadataDefaults). */
const hops: Limit = (value) =>
  typeof value === "number" && Number.isInteger(value) && (value === -1 || (value >= 1 && value <= 64))
    ? undefined
    : `${JSON.stringify(value)} is out of range; allowed: 1 to 64, or -1 for no preference`;

/** How new instances of the region answer for their metadata unless they say otherwise. */
export const instanceMetadataDefaults: ResourceDefinition = {
  type: METADATA_DEFAULTS,
  replaceOn: [],
  defaults: {
    httpEndpoint: "no-preference",
    httpPutResponseHopLimit: -1,
    httpTokens: "no-preference",
    instanceMetadataTags: "no-preference",
  },
  limits: {
    httpEndpoint: oneOf("enabled", "disabled", "no-preference"),
    httpPutResponseHopLimit: hops,
    httpTokens: oneOf("required", "optional", "no-preference"),
    instanceMetadataTags: oneOf("enabled", "disabled", "no-preference"),
  },
  create: ({ region }) => ({ id: region }),
};

import { CloudError, type ResourceDefinition } from "../../core/definition.ts";
import { arn } from "../../core/ids.ts";
import { text } from "../../core/values.ts";
import { matching, oneOf } from "../limits.ts";
import { runCache } from "./caches.ts";
import { requireParameters } from "./parameters.ts";
import { groupsWith, PARAMETER_GROUP } from "./types.ts";
import { FAMILIES } from "./versions.ts";

/** Settings of the engine for caches. A cache that runs takes them over at once. */
export const parameterGroup: ResourceDefinition = {
  type: PARAMETER_GROUP,
  replaceOn: ["description", "family", "name"],
  autoName: { property: "name", maxLength: 255, lowercase: true },
  defaults: { description: "Managed by Pulumi" },
  limits: {
    name: matching(/^[A-Za-z](?!.*--)[A-Za-z0-9-]{0,254}(?<!-)$/, "1 to 255 letters, digits and single hyphens, a letter first"),
    family: oneOf(...FAMILIES),
  },
  create: ({ cloud, inputs, region }) => {
    const name = text(inputs, "name").toLowerCase();
    if (cloud.world.get(PARAMETER_GROUP, name, region) !== undefined)
      throw new CloudError("CacheParameterGroupAlreadyExists", `Cache parameter group ${name} already exists.`);
    requireParameters(inputs);
    return { id: name, outputs: { name, arn: arn("elasticache", region, cloud.account, `parametergroup:${name}`) } };
  },
  update: ({ inputs }, before) => {
    requireParameters(inputs);
    return { name: before.id };
  },
  run: async (cloud, { id, region }) => {
    const users = groupsWith(cloud, region, "parameterGroupName", id).filter(({ phase }) => phase === "ready");
    for (const group of users) await runCache(cloud, group);
    return undefined;
  },
};

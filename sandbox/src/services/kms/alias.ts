import { CloudError, type ResourceDefinition } from "../../core/definition.ts";
import { arn, derived } from "../../core/ids.ts";
import { text } from "../../core/values.ts";
import { all, type Limit, matching, ofLength } from "../limits.ts";
import { chosenName, PREFIX_SUFFIX_LENGTH } from "../names.ts";
import { ALIAS, KEY, requireKey } from "./keys.ts";

const aliasName = (longest: number): Limit =>
  all(
    ofLength(1, longest),
    matching(/^alias\/[a-zA-Z0-9/_-]+$/, "an alias begins with alias/, and letters, digits and /_- follow"),
    matching(/^(?!alias\/aws\/)/, "names that begin with alias/aws/ are AWS's own"),
  );

/** A name for a key. */
export const alias: ResourceDefinition = {
  type: ALIAS,
  replaceOn: ["name", "namePrefix"],
  limits: { name: aliasName(256), namePrefix: aliasName(256 - PREFIX_SUFFIX_LENGTH) },
  references: [
    {
      path: "targetKeyId",
      to: KEY,
      by: ["id", "keyId", "arn"],
      missing: (value) => new CloudError("NotFoundException", `Key '${value}' does not exist`),
    },
  ],
  create: ({ cloud, inputs, name: logicalName, region, urn }) => {
    const name = chosenName(inputs) || `alias/${logicalName}-${derived(7, urn)}`;
    const aliasArn = arn("kms", region, cloud.account, name);
    if (cloud.world.get(ALIAS, name, region) !== undefined) {
      throw new CloudError("AlreadyExistsException", `An alias with the name ${aliasArn} already exists`);
    }
    const key = requireKey(cloud, text(inputs, "targetKeyId"), region);
    return { id: name, outputs: { arn: aliasArn, targetKeyId: key.id, targetKeyArn: text(key.outputs, "arn") } };
  },
  update: ({ cloud, inputs, region }) => {
    const key = requireKey(cloud, text(inputs, "targetKeyId"), region);
    return { targetKeyId: key.id, targetKeyArn: text(key.outputs, "arn") };
  },
};

import type { ResourceDefinition } from "../../core/definition.ts";
import { arn } from "../../core/ids.ts";
import { text } from "../../core/values.ts";
import { chosenName } from "../names.ts";
import { nameLimits, pathLimit, requireFree, roleReference, timestamp, uniqueId } from "./entities.ts";
import { INSTANCE_PROFILE } from "./roles.ts";

/** What hands a role to an EC2 instance. It holds one role at most. */
export const instanceProfile: ResourceDefinition = {
  type: INSTANCE_PROFILE,
  replaceOn: ["name", "namePrefix", "path"],
  autoName: { property: "name", maxLength: 128 },
  defaults: { path: "/" },
  limits: { ...nameLimits(128), path: pathLimit },
  references: [roleReference],
  create: ({ cloud, inputs }) => {
    const name = chosenName(inputs);
    requireFree(cloud, INSTANCE_PROFILE, name, `Instance Profile ${name} already exists.`);
    return {
      id: name,
      outputs: {
        name,
        arn: arn("iam", "", cloud.account, `instance-profile${text(inputs, "path")}${name}`),
        uniqueId: uniqueId("AIPA"),
        createDate: timestamp(cloud),
        role: text(inputs, "role"),
      },
    };
  },
  update: ({ inputs }) => ({ role: text(inputs, "role") }),
};

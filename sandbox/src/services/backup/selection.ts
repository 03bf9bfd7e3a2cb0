import { randomUUID } from "node:crypto";
import { CloudError } from "../../core/definition.ts";
import type { ResourceDefinition } from "../../core/definition.ts";
import { texts, valuesAt } from "../../core/values.ts";
import { arnOf, matching, oneOf } from "../limits.ts";
import { PLAN } from "./plan.ts";
import { backupRole, requireAssumable } from "./role.ts";

const ARN_OR_ALL = matching(/^(\*|arn:aws[\w-]*:.+)$/, "an ARN, with * as a wildcard, or *");

/** What a plan backs up. */
export const selection: ResourceDefinition = {
  type: "aws:backup/selection:Selection",
  replaceOn: ["conditions", "iamRoleArn", "name", "notResources", "planId", "resources", "selectionTags"],
  autoName: { property: "name", maxLength: 50 },
  limits: {
    name: matching(/^[\w.-]{1,50}$/, "1 to 50 letters, digits, hyphens, underscores and dots"),
    iamRoleArn: arnOf("iam"),
    "resources[]": ARN_OR_ALL,
    "notResources[]": ARN_OR_ALL,
    "selectionTags[].type": oneOf("STRINGEQUALS"),
  },
  references: [
    {
      path: "planId",
      to: PLAN,
      missing: (id) => new CloudError("ResourceNotFoundException", `Cannot find Backup plan with ID ${id}`),
      inUse: () =>
        new CloudError("InvalidRequestException", "Related backup plan selections must be deleted prior to backup plan deletion"),
    },
    backupRole,
  ],
  create: ({ cloud, inputs }) => {
    requireAssumable(cloud, inputs);
    // Quotas: AWS Backup Developer Guide, "AWS Backup quotas".
    const [named, tags] = [texts(inputs, "resources").length, valuesAt(inputs, "selectionTags[]").length];
    if (named + texts(inputs, "notResources").length > 500)
      throw new CloudError("LimitExceededException", "A selection names at most 500 ARNs");
    if (named === 0 && tags === 0)
      throw new CloudError("InvalidParameterValueException", "A selection needs resources or selectionTags (given: neither)");
    return { id: randomUUID() };
  },
};

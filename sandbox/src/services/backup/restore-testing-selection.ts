import { CloudError } from "../../core/definition.ts";
import type { Operation, ResourceDefinition } from "../../core/definition.ts";
import type { Props } from "../../core/values.ts";
import { text } from "../../core/values.ts";
import { arnOf, between, given, matching, oneOf } from "../limits.ts";
import { backupRole, requireAssumable } from "./role.ts";
import { RESTORE_TESTING_PLAN } from "./restore-testing-plan.ts";

const SELECTION = "aws:backup/restoreTestingSelection:RestoreTestingSelection";

/** AWS Backup Developer Guide, "Restore testing": resource types that can be tried out. */
const KINDS = ["Aurora", "DocumentDB", "DynamoDB", "EBS", "EC2", "EFS", "FSx", "Neptune", "RDS", "S3", "SAP HANA on Amazon EC2"];

function choiceFault(inputs: Props): string | undefined {
  const choices = given(inputs, ["protectedResourceArns", "protectedResourceConditions"]);
  if (choices.length === 1) return undefined;
  return `exactly one of protectedResourceArns, protectedResourceConditions must be given (given: ${choices.join(" and ") || "neither"})`;
}

function computed({ inputs }: Operation): Props {
  return {
    protectedResourceArns: inputs["protectedResourceArns"] ?? ["*"],
    validationWindowHours: inputs["validationWindowHours"] ?? 0,
  };
}

/** Which resources a restore testing plan tries out, and with which role. */
export const restoreTestingSelection: ResourceDefinition = {
  type: SELECTION,
  // RestoreTestingSelectionForUpdate of the AWS Backup API has neither the names nor the resource type.
  replaceOn: ["name", "protectedResourceType", "restoreTestingPlanName"],
  autoName: { property: "name", maxLength: 50, separator: "_" },
  limits: {
    name: matching(/^\w{1,50}$/, "1 to 50 letters, digits and underscores"),
    iamRoleArn: arnOf("iam"),
    protectedResourceType: (value, inputs) => oneOf(...KINDS)(value, inputs) ?? choiceFault(inputs),
    "protectedResourceArns[]": matching(/^(\*|arn:aws[\w-]*:.+)$/, "an ARN, or *"),
    validationWindowHours: between(1, 168),
  },
  references: [
    {
      path: "restoreTestingPlanName",
      to: RESTORE_TESTING_PLAN,
      by: ["name"],
      missing: (name) => new CloudError("ResourceNotFoundException", `Restore testing plan ${name} not found`),
      inUse: (target) =>
        new CloudError(
          "InvalidRequestException",
          `Restore testing selections of ${target.id} must be deleted prior to restore testing plan deletion`,
        ),
    },
    backupRole,
  ],
  create: (operation) => {
    const { cloud, inputs, region } = operation;
    requireAssumable(cloud, inputs);
    const id = `${text(inputs, "name")}:${text(inputs, "restoreTestingPlanName")}`;
    if (cloud.world.get(SELECTION, id, region) !== undefined) {
      throw new CloudError("AlreadyExistsException", `Restore testing selection ${text(inputs, "name")} already exists`);
    }
    return { id, outputs: computed(operation) };
  },
  update: (operation) => {
    requireAssumable(operation.cloud, operation.inputs);
    return computed(operation);
  },
};

import { CloudError } from "../../core/definition.ts";
import type { Operation, ResourceDefinition } from "../../core/definition.ts";
import { arn } from "../../core/ids.ts";
import { text } from "../../core/values.ts";
import { between, matching, oneOf } from "../limits.ts";
import { scheduleExpression, timeZone } from "./schedule.ts";

export const RESTORE_TESTING_PLAN = "aws:backup/restoreTestingPlan:RestoreTestingPlan";

const vaultOrAll = matching(/^(\*|arn:aws[\w-]*:backup:.+:backup-vault:.+)$/, "the ARN of a backup vault, or *");

function computed({ inputs }: Operation): { startWindowHours: number; scheduleExpressionTimezone: string } {
  const hours = inputs["startWindowHours"];
  return {
    startWindowHours: typeof hours === "number" ? hours : 24,
    scheduleExpressionTimezone: text(inputs, "scheduleExpressionTimezone") || "Etc/UTC",
  };
}

/** When restores are tried out, and from which recovery points. Ranges: AWS Backup API Reference, RestoreTestingPlanForCreate. */
export const restoreTestingPlan: ResourceDefinition = {
  type: RESTORE_TESTING_PLAN,
  // The name identifies the plan in UpdateRestoreTestingPlan, which can change all the rest.
  replaceOn: ["name"],
  // The service allows no hyphen in these names.
  autoName: { property: "name", maxLength: 50, separator: "_" },
  limits: {
    name: matching(/^\w{1,50}$/, "1 to 50 letters, digits and underscores"),
    scheduleExpression,
    scheduleExpressionTimezone: timeZone,
    startWindowHours: between(1, 168),
    "recoveryPointSelection.algorithm": oneOf("LATEST_WITHIN_WINDOW", "RANDOM_WITHIN_WINDOW"),
    "recoveryPointSelection.recoveryPointTypes[]": oneOf("CONTINUOUS", "SNAPSHOT"),
    "recoveryPointSelection.selectionWindowDays": between(1, 365),
    "recoveryPointSelection.includeVaults[]": vaultOrAll,
    "recoveryPointSelection.excludeVaults[]": vaultOrAll,
  },
  references: ["includeVaults", "excludeVaults"].map((list) => ({
    path: `recoveryPointSelection.${list}[]`,
    to: "aws:backup/vault:Vault",
    by: ["arn"],
    missing: (vault: string) =>
      vault.includes("*") ? undefined : new CloudError("InvalidParameterValueException", `Backup vault ${vault} not found`),
  })),
  create: (operation) => {
    const { cloud, inputs, region } = operation;
    const name = text(inputs, "name");
    if (cloud.world.get(RESTORE_TESTING_PLAN, name, region) !== undefined) {
      throw new CloudError("AlreadyExistsException", `Restore testing plan ${name} already exists`);
    }
    return {
      id: name,
      outputs: { ...computed(operation), arn: arn("backup", region, cloud.account, `restore-testing-plan:${name}`) },
    };
  },
  update: computed,
};

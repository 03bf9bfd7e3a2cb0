import { randomBytes, randomUUID } from "node:crypto";
import { CloudError } from "../../core/definition.ts";
import type { Operation, ResourceDefinition } from "../../core/definition.ts";
import { arn } from "../../core/ids.ts";
import { valuesAt } from "../../core/values.ts";
import { arnOf, matching, shown } from "../limits.ts";
import { warnOfRetention } from "./retention.ts";
import { ruleFault } from "./plan-rules.ts";
import { scheduleExpression, timeZone } from "./schedule.ts";
import { vaultNamed } from "./vault-support.ts";

export const PLAN = "aws:backup/plan:Plan";
const NAME = matching(/^[\w.-]{1,50}$/, "1 to 50 letters, digits, hyphens, underscores and dots");

const version = (): string => randomBytes(36).toString("base64");

function refuseTwins({ inputs }: Operation): void {
  const names = valuesAt(inputs, "rules[].ruleName");
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new CloudError("InvalidParameterValueException", `Duplicate rule name: ${shown(twice)}`);
}

/** When backups are taken and how long they are kept. */
export const plan: ResourceDefinition = {
  type: PLAN,
  replaceOn: ["name"],
  autoName: { property: "name", maxLength: 50 },
  limits: {
    name: NAME,
    "rules[]": ruleFault,
    "rules[].ruleName": NAME,
    "rules[].schedule": scheduleExpression,
    "rules[].scheduleExpressionTimezone": timeZone,
    "rules[].copyActions[].destinationVaultArn": arnOf("backup"),
  },
  references: [vaultNamed("rules[].targetVaultName")],
  create: (operation) => {
    refuseTwins(operation);
    warnOfRetention(operation.cloud, operation);
    const id = randomUUID();
    return {
      id,
      outputs: { arn: arn("backup", operation.region, operation.cloud.account, `backup-plan:${id}`), version: version() },
    };
  },
  update: (operation) => {
    refuseTwins(operation);
    warnOfRetention(operation.cloud, operation);
    return { version: version() };
  },
};

import { CloudError } from "../../core/definition.ts";
import type { ResourceDefinition } from "../../core/definition.ts";
import { text } from "../../core/values.ts";
import type { Limit } from "../limits.ts";
import { all, between } from "../limits.ts";
import { PLAN } from "./plan.ts";
import { warnOfRetention } from "./retention.ts";
import { vaultArn, vaultNamed } from "./vault-support.ts";

const DAY = 86_400_000;
/** `lockDate` is the moment from which a compliance lock is final; kept beside the provider's own outputs. */
const LOCK_DATE = "lockDate";

const notBelowMinimum: Limit = (value, inputs) => {
  const least = inputs["minRetentionDays"];
  return typeof value === "number" && typeof least === "number" && value < least
    ? `maxRetentionDays ${value} is less than minRetentionDays ${least}`
    : undefined;
};

/**
 * Limits how long recovery points of a vault are kept. With `changeableForDays` (3 or more) the lock can be lifted for that long and never after:
 * a compliance lock; without it the lock is governance mode. Ranges: AWS Backup API Reference, PutBackupVaultLockConfiguration.
 */
export const vaultLockConfiguration: ResourceDefinition = {
  type: "aws:backup/vaultLockConfiguration:VaultLockConfiguration",
  replaceOn: ["backupVaultName", "changeableForDays", "maxRetentionDays", "minRetentionDays"],
  limits: {
    changeableForDays: between(3, 36_500),
    minRetentionDays: between(1, 36_500),
    maxRetentionDays: all(between(1, 36_500), notBelowMinimum),
  },
  references: [vaultNamed("backupVaultName")],
  // A vault has one lock: the new one can only come once the old one is gone.
  deleteBeforeReplace: true,
  create: (operation) => {
    const { cloud, inputs } = operation;
    const days = inputs["changeableForDays"];
    const lock = typeof days === "number" ? { [LOCK_DATE]: cloud.now() + days * DAY } : {};
    return { id: text(inputs, "backupVaultName"), outputs: { backupVaultArn: vaultArn(operation), ...lock } };
  },
  run: (cloud, lock) => {
    for (const plan of cloud.world.all(PLAN)) warnOfRetention(cloud, plan, lock.id);
    return Promise.resolve(undefined);
  },
  remove: (cloud, lock) => {
    const date = lock.outputs[LOCK_DATE];
    if (typeof date !== "number" || cloud.now() < date) return;
    throw new CloudError(
      "InvalidRequestException",
      `The vault lock of ${lock.id} is immutable since ${new Date(date).toISOString()}: it can neither be changed nor deleted`,
    );
  },
};

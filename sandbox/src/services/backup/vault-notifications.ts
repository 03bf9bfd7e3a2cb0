import { CloudError } from "../../core/definition.ts";
import type { ResourceDefinition } from "../../core/definition.ts";
import { text } from "../../core/values.ts";
import { arnOf, oneOf } from "../limits.ts";
import { vaultArn, vaultNamed } from "./vault-support.ts";

/** AWS Backup API Reference, PutBackupVaultNotifications, BackupVaultEvents. */
const EVENTS = [
  "BACKUP_JOB_STARTED",
  "BACKUP_JOB_COMPLETED",
  "BACKUP_JOB_SUCCESSFUL",
  "BACKUP_JOB_FAILED",
  "BACKUP_JOB_EXPIRED",
  "RESTORE_JOB_STARTED",
  "RESTORE_JOB_COMPLETED",
  "RESTORE_JOB_SUCCESSFUL",
  "RESTORE_JOB_FAILED",
  "COPY_JOB_STARTED",
  "COPY_JOB_SUCCESSFUL",
  "COPY_JOB_FAILED",
  "RECOVERY_POINT_MODIFIED",
  "BACKUP_PLAN_CREATED",
  "BACKUP_PLAN_MODIFIED",
  "S3_BACKUP_OBJECT_FAILED",
  "S3_RESTORE_OBJECT_FAILED",
  "CONTINUOUS_BACKUP_INTERRUPTED",
  "RECOVERY_POINT_INDEX_COMPLETED",
  "RECOVERY_POINT_INDEX_DELETED",
  "RECOVERY_POINT_INDEXING_FAILED",
];

/** Tells a topic what happens in a vault. */
export const vaultNotifications: ResourceDefinition = {
  type: "aws:backup/vaultNotifications:VaultNotifications",
  replaceOn: ["backupVaultEvents", "backupVaultName", "snsTopicArn"],
  limits: { "backupVaultEvents[]": oneOf(...EVENTS), snsTopicArn: arnOf("sns") },
  references: [
    vaultNamed("backupVaultName"),
    {
      path: "snsTopicArn",
      to: "aws:sns/topic:Topic",
      by: ["arn"],
      missing: (topic) => new CloudError("InvalidParameterValueException", `The SNS topic ${topic} does not exist`),
    },
  ],
  // A vault has one set of notifications.
  deleteBeforeReplace: true,
  create: (operation) => ({ id: text(operation.inputs, "backupVaultName"), outputs: { backupVaultArn: vaultArn(operation) } }),
};

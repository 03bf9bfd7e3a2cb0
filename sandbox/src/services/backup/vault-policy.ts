import type { ResourceDefinition } from "../../core/definition.ts";
import { text } from "../../core/values.ts";
import { policyLimit } from "../iam/entities.ts";
import { vaultArn, vaultNamed } from "./vault-support.ts";

/** Who may do what with a vault. */
export const vaultPolicy: ResourceDefinition = {
  type: "aws:backup/vaultPolicy:VaultPolicy",
  replaceOn: ["backupVaultName"],
  limits: { policy: policyLimit("resource") },
  references: [vaultNamed("backupVaultName")],
  create: (operation) => ({ id: text(operation.inputs, "backupVaultName"), outputs: { backupVaultArn: vaultArn(operation) } }),
};

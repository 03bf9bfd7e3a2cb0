import type { ResourceDefinition } from "../../core/definition.ts";
import { text } from "../../core/values.ts";
import { json } from "../limits.ts";
import { vaultArn, vaultNamed } from "./vault-support.ts";

/** Who may do what with a vault. */
export const vaultPolicy: ResourceDefinition = {
  type: "aws:backup/vaultPolicy:VaultPolicy",
  replaceOn: ["backupVaultName"],
  limits: { policy: json },
  references: [vaultNamed("backupVaultName")],
  create: (operation) => ({ id: text(operation.inputs, "backupVaultName"), outputs: { backupVaultArn: vaultArn(operation) } }),
};

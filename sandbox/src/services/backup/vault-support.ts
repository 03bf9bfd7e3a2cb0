import { CloudError } from "../../core/definition.ts";
import type { Operation, Reference, Resource } from "../../core/definition.ts";
import type { Value } from "../../core/values.ts";
import { text } from "../../core/values.ts";
import type { World } from "../../core/world.ts";

export const VAULT = "aws:backup/vault:Vault";

/** The vault that an input names. Wording: AWS Backup API Reference, ResourceNotFoundException. */
export function vaultNamed(path: string): Reference {
  return {
    path,
    to: VAULT,
    by: ["name"],
    missing: (name) => new CloudError("ResourceNotFoundException", `Backup vault ${name} not found`, 400),
  };
}

/** The vault's ARN, which its satellites show. */
export function vaultArn({ cloud, inputs, region }: Operation): string {
  const name = text(inputs, "backupVaultName");
  return text(cloud.world.get(VAULT, name, region)?.outputs ?? {}, "arn");
}

const SPACE = "backup.recovery-points";

/** An ARN has no blanks. (SQLite ends a text at a NUL, so that could not stand between the two.) */
function keyOf(vault: string, recoveryPointArn: string): string {
  return `${vault} ${recoveryPointArn}`;
}

/** Puts a recovery point into a vault (by ARN); whatever takes a backup calls this. */
export function putRecoveryPoint(world: World, vault: string, recoveryPointArn: string, details: Value): void {
  world.space<Value>(SPACE).set(keyOf(vault, recoveryPointArn), details);
}

/** Takes a recovery point out of its vault. */
export function dropRecoveryPoint(world: World, vault: string, recoveryPointArn: string): void {
  world.space<Value>(SPACE).delete(keyOf(vault, recoveryPointArn));
}

/** ARNs of the vault's recovery points. */
export function recoveryPoints(world: World, vault: Resource): string[] {
  const prefix = keyOf(text(vault.outputs, "arn"), "");
  return world
    .space<Value>(SPACE)
    .entries(prefix)
    .map(([key]) => key.slice(prefix.length));
}

import type { Cloud } from "../../core/cloud.ts";
import type { Resource } from "../../core/definition.ts";
import { type Props, text, valuesAt } from "../../core/values.ts";

const LOCK = "aws:backup/vaultLockConfiguration:VaultLockConfiguration";

/** How long a vault's lock lets recovery points be kept, in days. */
export interface Retention {
  readonly least: number;
  readonly most: number;
}

/** What the lock of a vault allows; undefined for a vault without one. */
export function lockedRetention(cloud: Cloud, vaultName: string, region: string): Retention | undefined {
  const lock = cloud.world.get(LOCK, vaultName, region);
  if (lock === undefined) return undefined;
  const { maxRetentionDays, minRetentionDays } = lock.inputs;
  return {
    least: typeof minRetentionDays === "number" ? minRetentionDays : 1,
    most: typeof maxRetentionDays === "number" ? maxRetentionDays : Number.POSITIVE_INFINITY,
  };
}

/**
 * What keeps a backup of this lifetime out of the vault, or undefined. A lifetime that is not given is for ever.
 * AWS takes a plan that does not fit its vault's lock, and then fails each of its jobs (AWS Backup API Reference, PutBackupVaultLockConfiguration).
 */
export function retentionFault(days: number | undefined, allowed: Retention | undefined): string | undefined {
  if (allowed === undefined) return undefined;
  const most = Number.isFinite(allowed.most) ? ` to ${allowed.most}` : " or more";
  const range = `the vault's lock allows ${allowed.least}${most} days`;
  if (days === undefined) return Number.isFinite(allowed.most) ? `backups are kept for ever; ${range}` : undefined;
  return days >= allowed.least && days <= allowed.most ? undefined : `backups are kept for ${days} days; ${range}`;
}

/** Days for which a rule keeps its backups; undefined for ever. */
export function lifetimeOf(rule: Props): number | undefined {
  const [days] = valuesAt(rule, "lifecycle.deleteAfter");
  return typeof days === "number" ? days : undefined;
}

/** Says at once, in words, which rules of a plan cannot succeed: on AWS one learns it from the failed jobs. */
export function warnOfRetention(cloud: Cloud, plan: Pick<Resource, "inputs" | "region">, only?: string): void {
  for (const rule of valuesAt(plan.inputs, "rules[]") as Props[]) {
    const vault = text(rule, "targetVaultName");
    if (only !== undefined && vault !== only) continue;
    const fault = retentionFault(lifetimeOf(rule), lockedRetention(cloud, vault, plan.region));
    if (fault === undefined) continue;
    cloud.note(`every job of rule ${text(rule, "ruleName")} of backup plan ${text(plan.inputs, "name")} will fail: ${fault}`);
  }
}

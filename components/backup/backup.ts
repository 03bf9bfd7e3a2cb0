import { Plan } from "@pulumi/aws/backup/plan.js";
import { RestoreTestingPlan } from "@pulumi/aws/backup/restoreTestingPlan.js";
import { RestoreTestingSelection } from "@pulumi/aws/backup/restoreTestingSelection.js";
import { Selection } from "@pulumi/aws/backup/selection.js";
import { Vault } from "@pulumi/aws/backup/vault.js";
import { VaultLockConfiguration } from "@pulumi/aws/backup/vaultLockConfiguration.js";
import type { Role } from "@pulumi/aws/iam/role.js";
import * as pulumi from "@pulumi/pulumi";
import { requireBetween } from "../shared/checks.ts";
import { serviceRole } from "../shared/iam.ts";
import { BACKUP_TAG, type Tags } from "../shared/tags.ts";

/** What the caller decides about a {@link Backup}. */
export interface BackupArgs {
  /** The account that owns the resources; the backup role works for no other. */
  readonly accountId: string;
  /** ARN of the KMS key that encrypts the vault. A change replaces the vault. */
  readonly keyArn: pulumi.Input<string>;
  /** Days for which a daily copy is kept, 7 at least. @default 35 */
  readonly dailyDays?: number;
  /** Days for which the copy of the first day of a month is kept; no copy is kept longer. @default 365 */
  readonly monthlyDays?: number;
  /** Whether the vault refuses to be deleted. Without it, deleting the vault deletes its copies. @default true */
  readonly protect?: boolean;
  /** Put on everything that takes tags. */
  readonly tags: Tags;
}

/** No copy may be deleted sooner, by nobody: a thief with our keys included, until someone takes the lock away. */
const LOCKED_DAYS = 7;

/** Where Amazon keeps the policies of service roles. */
const SERVICE_ROLES = "service-role";

/**
 * A daily copy of everything that carries the backup tag, in a locked vault, and a weekly test that a copy can be restored.
 *
 * It stands beside the database's own point-in-time recovery: the copies survive the deletion of what they were made of.
 *
 * The restore test makes a cluster from a copy of the last week on Sunday morning and deletes it again.
 *
 * **Cost**: 0.023 USD a GB and month for database copies, 0.06 USD for objects (Frankfurt); a restore test costs 1.50 USD a run and the cluster while it lives.
 */
export class Backup extends pulumi.ComponentResource {
  /** The vault that holds the copies. */
  readonly vaultName: pulumi.Output<string>;
  /** Its ARN. */
  readonly vaultArn: pulumi.Output<string>;

  readonly #name: string;
  readonly #args: BackupArgs;

  constructor(name: string, args: BackupArgs, opts?: pulumi.ComponentResourceOptions) {
    const { dailyDays = 35, monthlyDays = 365 } = args;
    requireBetween(`Backup "${name}": monthlyDays`, monthlyDays, LOCKED_DAYS, 36_500);
    requireBetween(`Backup "${name}": dailyDays`, dailyDays, LOCKED_DAYS, monthlyDays);
    super("platform:backup:Backup", name, {}, opts);
    this.#name = name;
    this.#args = args;

    const vault = this.#vault();
    const role = this.#role();
    this.#backUpDaily(vault, role);
    this.#testRestores(vault, role);

    this.vaultName = vault.name;
    this.vaultArn = vault.arn;
    this.registerOutputs({ vaultName: this.vaultName, vaultArn: this.vaultArn });
  }

  #vault(): Vault {
    const { keyArn, monthlyDays = 365, protect = true, tags } = this.#args;
    const args = { kmsKeyArn: keyArn, forceDestroy: !protect, tags };
    const vault = new Vault(`${this.#name}-vault`, args, { parent: this, protect });
    new VaultLockConfiguration(
      `${this.#name}-lock`,
      // Without changeableForDays the lock can be lifted by who may lift it; with it, not even Amazon could, nor could a wrong figure be put right.
      { backupVaultName: vault.name, minRetentionDays: LOCKED_DAYS, maxRetentionDays: monthlyDays },
      { parent: this },
    );
    return vault;
  }

  #role(): Role {
    return serviceRole(
      `${this.#name}-role`,
      {
        service: "backup.amazonaws.com",
        description: "Makes copies, and restores them in tests",
        managed: [
          `${SERVICE_ROLES}/AWSBackupServiceRolePolicyForBackup`,
          `${SERVICE_ROLES}/AWSBackupServiceRolePolicyForRestores`,
          "AWSBackupServiceRolePolicyForS3Backup",
          "AWSBackupServiceRolePolicyForS3Restore",
        ],
        condition: { StringEquals: { "aws:SourceAccount": this.#args.accountId } },
        tags: this.#args.tags,
      },
      { parent: this },
    );
  }

  #backUpDaily(vault: Vault, role: Role): void {
    const { dailyDays = 35, monthlyDays = 365, tags } = this.#args;
    const rule = { targetVaultName: vault.name, startWindow: 60, completionWindow: 360 };
    const rules = [
      { ...rule, ruleName: "daily", schedule: "cron(0 4 * * ? *)", lifecycle: { deleteAfter: dailyDays } },
      { ...rule, ruleName: "monthly", schedule: "cron(0 5 1 * ? *)", lifecycle: { deleteAfter: monthlyDays } },
    ];
    const plan = new Plan(`${this.#name}-plan`, { rules, tags }, { parent: this });
    const selectionTags = [{ type: "STRINGEQUALS", ...BACKUP_TAG }];
    new Selection(`${this.#name}-tagged`, { planId: plan.id, iamRoleArn: role.arn, selectionTags }, { parent: this });
  }

  #testRestores(vault: Vault, role: Role): void {
    // AWS Backup allows letters, digits and underscores in these two names.
    const name = this.#name.replaceAll("-", "_");
    const plan = new RestoreTestingPlan(
      `${this.#name}-restore-test`,
      {
        name,
        scheduleExpression: "cron(0 6 ? * SUN *)",
        recoveryPointSelection: {
          algorithm: "LATEST_WITHIN_WINDOW",
          includeVaults: [vault.arn],
          recoveryPointTypes: ["SNAPSHOT"],
          selectionWindowDays: 7,
        },
        tags: this.#args.tags,
      },
      { parent: this },
    );
    new RestoreTestingSelection(
      `${this.#name}-restore-test-database`,
      {
        name: `${name}_database`,
        restoreTestingPlanName: plan.name,
        iamRoleArn: role.arn,
        protectedResourceType: "Aurora",
        protectedResourceArns: ["*"],
        validationWindowHours: 1,
      },
      { parent: this },
    );
  }
}

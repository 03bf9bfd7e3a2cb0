import type { Props } from "../../../../sandbox/src/core/values.ts";
import type { Resource } from "../../../../sandbox/src/core/definition.ts";
import { backupDefinitions } from "../../../../sandbox/src/services/backup/index.ts";
import { REGION, Stack, testCloud, type TestCloud } from "../../support/cloud.ts";

export const type = {
  lock: "aws:backup/vaultLockConfiguration:VaultLockConfiguration",
  notifications: "aws:backup/vaultNotifications:VaultNotifications",
  plan: "aws:backup/plan:Plan",
  policy: "aws:backup/vaultPolicy:VaultPolicy",
  selection: "aws:backup/selection:Selection",
  testingPlan: "aws:backup/restoreTestingPlan:RestoreTestingPlan",
  testingSelection: "aws:backup/restoreTestingSelection:RestoreTestingSelection",
  vault: "aws:backup/vault:Vault",
} as const;

/** A cloud that serves AWS Backup, with a role that the service may take. */
export class BackupFixture {
  readonly cloud: TestCloud = testCloud();
  readonly stack: Stack = new Stack(this.cloud, backupDefinitions);
  readonly role: string = this.makeRole("backup", "backup.amazonaws.com");
  #made = 0;

  make(token: string, inputs: Props): Promise<Resource> {
    return this.stack.create(token, `r${++this.#made}`, inputs);
  }

  vault(inputs: Props = {}): Promise<Resource> {
    return this.make(type.vault, { name: "safe", ...inputs });
  }

  /** A plan with one daily rule into the vault `safe`; `rule` says more of it. */
  plan(rule: Props = {}): Promise<Resource> {
    return this.make(type.plan, { name: "daily", rules: [{ ruleName: "daily", targetVaultName: "safe", ...rule }] });
  }

  /** Puts a role that this service may take; returns its ARN. */
  makeRole(name: string, service: string): string {
    const arn = `arn:aws:iam::${this.cloud.account}:role/${name}`;
    const statement = { Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole" };
    const assumeRolePolicy = JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
    this.plant("aws:iam/role:Role", name, { arn, assumeRolePolicy });
    return arn;
  }

  /** A row that another part of the cloud would have made: what is tested here only looks at it. */
  plant(token: string, id: string, outputs: Props): void {
    this.cloud.world.put({ type: token, id, urn: "", region: REGION, inputs: {}, outputs, phase: "ready", claimed: true });
  }
}

import type { ResourceDefinition } from "../../core/definition.ts";
import { plan } from "./plan.ts";
import { restoreTestingPlan } from "./restore-testing-plan.ts";
import { restoreTestingSelection } from "./restore-testing-selection.ts";
import { selection } from "./selection.ts";
import { vaultLockConfiguration } from "./vault-lock-configuration.ts";
import { vaultNotifications } from "./vault-notifications.ts";
import { vaultPolicy } from "./vault-policy.ts";
import { vault } from "./vault.ts";

/** AWS Backup. */
export const backupDefinitions: ResourceDefinition[] = [
  vault,
  vaultLockConfiguration,
  vaultPolicy,
  vaultNotifications,
  plan,
  selection,
  restoreTestingPlan,
  restoreTestingSelection,
];

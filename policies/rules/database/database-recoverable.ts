import { Cluster } from "@pulumi/aws/rds/cluster.js";
import { Instance } from "@pulumi/aws/rds/instance.js";
import type { ResourceValidationArgs, ResourceValidationPolicy } from "@pulumi/policy";
import { about, shown, validateEach } from "../../shared/check.ts";
import { fsbp } from "../../shared/framework.ts";

/** A week covers a fault made on a Friday and noticed after a long weekend. */
const LEAST_DAYS = 7;

export const databaseRecoverable: ResourceValidationPolicy = {
  name: "database-recoverable",
  description: "A database keeps automatic backups, and with them every second of the time between, for at least a week.",
  enforcementLevel: "mandatory",
  severity: "high",
  tags: ["database", "recovery"],
  framework: fsbp("RDS.11"),
  remediationSteps: "Set backupRetentionPeriod to 7 or more.",
  configSchema: {
    properties: {
      leastDays: { type: "integer", default: LEAST_DAYS, minimum: 1, maximum: 35, description: "Least days of backups." },
    },
  },
  validateResource: validateEach(
    about(Cluster, backupsKept),
    // A replica's backups are its source's.
    about(Instance, (database, args) => (database.replicateSourceDb === undefined ? backupsKept(database, args) : undefined)),
  ),
};

function backupsKept(
  { backupRetentionPeriod }: { readonly backupRetentionPeriod?: number | undefined },
  args: ResourceValidationArgs,
): string | undefined {
  const { leastDays = LEAST_DAYS } = args.getConfig<{ leastDays?: number }>();
  if ((backupRetentionPeriod ?? 0) >= leastDays) return undefined;
  return `backupRetentionPeriod is ${shown(backupRetentionPeriod)}; it must be at least ${String(leastDays)} days.`;
}

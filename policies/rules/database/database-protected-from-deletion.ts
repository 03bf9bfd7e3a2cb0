import { Cluster } from "@pulumi/aws/rds/cluster.js";
import { Instance } from "@pulumi/aws/rds/instance.js";
import type { ResourceValidationPolicy } from "@pulumi/policy";
import { about, type Question, shown, validateEach } from "../../shared/check.ts";
import { fsbp } from "../../shared/framework.ts";
import { skipThrowawayStacks, throwawayStacksSchema } from "../../shared/throwaway.ts";

interface Deletable {
  readonly deletionProtection?: boolean | undefined;
  readonly skipFinalSnapshot?: boolean | undefined;
  readonly finalSnapshotIdentifier?: string | undefined;
}

export const databaseProtectedFromDeletion: ResourceValidationPolicy = {
  name: "database-protected-from-deletion",
  description: "A database cannot be deleted by accident, and leaves a snapshot when it is deleted on purpose.",
  enforcementLevel: "mandatory",
  severity: "high",
  tags: ["database", "recovery"],
  framework: fsbp("RDS.7", "RDS.8"),
  remediationSteps:
    "Set deletionProtection to true, leave skipFinalSnapshot out and name the snapshot in finalSnapshotIdentifier.",
  configSchema: { properties: { throwawayStacks: throwawayStacksSchema } },
  validateResource: validateEach(
    about(Cluster, ...questions()),
    about(Instance, ...questions((database) => (database as { replicateSourceDb?: string }).replicateSourceDb !== undefined)),
  ),
};

/** Replicas (`isCopy`) hold no data of their own: AWS takes no final snapshot of them. */
function questions(isCopy: (database: Deletable) => boolean = () => false): Question<Deletable>[] {
  return [
    (_database, args) => {
      skipThrowawayStacks(args);
      return undefined;
    },
    ({ deletionProtection }) =>
      deletionProtection === true ? undefined : `deletionProtection is ${shown(deletionProtection)}; it must be true.`,
    (database) => {
      if (isCopy(database)) return undefined;
      if (database.skipFinalSnapshot === true) return "skipFinalSnapshot is true; it must be false.";
      // Only whether a name is given matters, so a name that is not known yet is a name.
      return "finalSnapshotIdentifier" in database
        ? undefined
        : "finalSnapshotIdentifier is nothing; it must name the snapshot that a deletion leaves.";
    },
  ];
}

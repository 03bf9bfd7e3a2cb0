import { ClusterInstance } from "@pulumi/aws/rds/clusterInstance.js";
import { Instance } from "@pulumi/aws/rds/instance.js";
import type { ResourceValidationPolicy } from "@pulumi/policy";
import { about, validateEach } from "../../shared/check.ts";
import { fsbp } from "../../shared/framework.ts";

export const databaseNotPublic: ResourceValidationPolicy = {
  name: "database-not-public",
  description: "A database has no public address.",
  enforcementLevel: "mandatory",
  severity: "critical",
  tags: ["database", "exposure"],
  framework: fsbp("RDS.2"),
  remediationSteps: "Leave publiclyAccessible out or set it to false, and reach the database from inside the VPC.",
  validateResource: validateEach(about(ClusterInstance, closed), about(Instance, closed)),
};

function closed({ publiclyAccessible }: { readonly publiclyAccessible?: boolean | undefined }): string | undefined {
  return publiclyAccessible === true ? "publiclyAccessible is true; it must be false." : undefined;
}

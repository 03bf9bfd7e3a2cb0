import type { ClusterInstanceArgs } from "@pulumi/aws/rds/clusterInstance.js";
import type { InstanceArgs } from "@pulumi/aws/rds/instance.js";
import type { Check } from "../../framework/check.ts";
import { beFalse } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

export default rule({
  id: "database-not-public",
  title: "A database has no public address",
  severity: "critical",
  description: "A public address puts the login of the database before everyone on the internet.",
  remediation: "Leave publiclyAccessible out or set it to false, and reach the database from inside the VPC.",
  controls: { fsbp: ["RDS.2"], cisAws3: ["2.3.3"], cisAws5: ["2.2.3"], pci4: ["1.4.4"] },
  resources: { "aws:rds/clusterInstance:ClusterInstance": closed, "aws:rds/instance:Instance": closed },
});

function closed(database: Resource<ClusterInstanceArgs | InstanceArgs>, { must }: Check<unknown>): void {
  must(database.at("publiclyAccessible"), beFalse);
}

import type { ClusterArgs as GraphArgs } from "@pulumi/aws/neptune/cluster.js";
import type { ClusterArgs } from "@pulumi/aws/rds/cluster.js";
import type { InstanceArgs } from "@pulumi/aws/rds/instance.js";
import type { Check } from "../../framework/check.ts";
import { beTrue } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

export default rule({
  id: "database-iam-authentication",
  title: "A database lets programs and people in by IAM",
  severity: "medium",
  description:
    "With IAM, a login is a token of fifteen minutes that a role may or may not ask for, in place of a password that is copied around.",
  remediation: "Set iamDatabaseAuthenticationEnabled to true. Logins by password go on working beside it.",
  controls: { fsbp: ["RDS.10", "RDS.12", "Neptune.7"], wellArchitected: ["SEC02"] },
  resources: { "aws:neptune/cluster:Cluster": byIam, "aws:rds/cluster:Cluster": byIam, "aws:rds/instance:Instance": byIam },
});

function byIam(database: Resource<ClusterArgs | GraphArgs | InstanceArgs>, { must }: Check<unknown>): void {
  const engine = database.at("engine").value ?? "";
  // RDS User Guide, "IAM database authentication": MariaDB, MySQL, PostgreSQL and Aurora.
  if (/^(custom-)?(oracle|sqlserver|db2)/.test(engine)) return;
  must(database.at("iamDatabaseAuthenticationEnabled"), beTrue);
}

import type { ClusterArgs } from "@pulumi/aws/rds/cluster.js";
import type { ClusterInstanceArgs } from "@pulumi/aws/rds/clusterInstance.js";
import type { InstanceArgs } from "@pulumi/aws/rds/instance.js";
import type { Check } from "../../framework/check.ts";
import { beTrue } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

export default rule({
  id: "database-minor-upgrades",
  title: "A database takes minor versions by itself",
  severity: "medium",
  description: "Minor versions close security holes. AWS installs them in the maintenance window; nobody else does.",
  remediation: "Leave autoMinorVersionUpgrade out or set it to true, and choose the maintenance window.",
  controls: { fsbp: ["RDS.13", "RDS.35"], cisAws3: ["2.3.2"], cisAws5: ["2.2.2"], pci4: ["6.3.3"], wellArchitected: ["SEC06"] },
  resources: {
    "aws:rds/cluster:Cluster": upgraded,
    "aws:rds/clusterInstance:ClusterInstance": upgraded,
    "aws:rds/instance:Instance": upgraded,
  },
});

function upgraded(database: Resource<ClusterArgs | ClusterInstanceArgs | InstanceArgs>, { must }: Check<unknown>): void {
  must(database.at("autoMinorVersionUpgrade").or(true), beTrue);
}

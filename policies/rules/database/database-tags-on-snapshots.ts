import type { ClusterArgs } from "@pulumi/aws/rds/cluster.js";
import type { InstanceArgs } from "@pulumi/aws/rds/instance.js";
import type { Check } from "../../framework/check.ts";
import { beTrue } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

export default rule({
  id: "database-tags-on-snapshots",
  title: "The snapshots of a database carry its tags",
  severity: "low",
  description: "A snapshot without tags belongs to nobody: no rule of access or cost that goes by tags finds it.",
  remediation: "Set copyTagsToSnapshot to true.",
  controls: { fsbp: ["RDS.16", "RDS.17", "RDS.47", "RDS.48"], wellArchitected: ["COST02"] },
  resources: { "aws:rds/cluster:Cluster": tagged, "aws:rds/instance:Instance": tagged },
});

function tagged(database: Resource<ClusterArgs | InstanceArgs>, { must }: Check<unknown>): void {
  must(database.at("copyTagsToSnapshot"), beTrue);
}

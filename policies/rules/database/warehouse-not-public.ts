import type { ClusterArgs } from "@pulumi/aws/redshift/cluster.js";
import type { WorkgroupArgs } from "@pulumi/aws/redshiftserverless/workgroup.js";
import type { Check } from "../../framework/check.ts";
import { beFalse, beTrue } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

export default rule({
  id: "warehouse-not-public",
  title: "A data warehouse has no public address, and keeps its traffic in the VPC",
  severity: "critical",
  description:
    "A warehouse holds everything in one place. Without enhanced VPC routing it also loads and unloads over the internet.",
  remediation: "Set publiclyAccessible to false and enhancedVpcRouting to true.",
  controls: { fsbp: ["Redshift.1", "Redshift.7"], pci4: ["1.4.4"], wellArchitected: ["SEC05"] },
  resources: { "aws:redshift/cluster:Cluster": closed, "aws:redshiftserverless/workgroup:Workgroup": closed },
});

function closed(warehouse: Resource<ClusterArgs | WorkgroupArgs>, { must }: Check<unknown>): void {
  must(warehouse.at("publiclyAccessible"), beFalse);
  must(warehouse.at("enhancedVpcRouting"), beTrue);
}

import type { ClusterArgs } from "@pulumi/aws/elasticache/cluster.js";
import type { ReplicationGroupArgs } from "@pulumi/aws/elasticache/replicationGroup.js";
import type { Check } from "../../framework/check.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

export default rule({
  id: "cache-own-subnets",
  title: "A cache stands in subnets that were chosen for it",
  severity: "medium",
  description: "The default subnet group is that of the default VPC, whose subnets are public.",
  remediation: "Set subnetGroupName to an aws.elasticache.SubnetGroup of private subnets.",
  controls: { fsbp: ["ElastiCache.7"], wellArchitected: ["SEC05"] },
  resources: {
    "aws:elasticache/replicationGroup:ReplicationGroup": chosen,
    "aws:elasticache/cluster:Cluster": (cluster: Resource<ClusterArgs>, check) => {
      if (!cluster.at("replicationGroupId").isSet) chosen(cluster, check);
    },
  },
});

function chosen(cache: Resource<ClusterArgs | ReplicationGroupArgs>, { fail }: Check<unknown>): void {
  const group = cache.at("subnetGroupName");
  // The name of a group that is made in the same program is not that of the default one.
  const { subnetGroupName: sources = [] } = cache.propertyDependencies;
  if (sources.length === 0 && (group.value ?? "default") === "default")
    fail(group, `subnetGroupName is ${group.shown}`, "it must name a subnet group of its own");
}

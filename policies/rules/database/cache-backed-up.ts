import type { ClusterArgs } from "@pulumi/aws/elasticache/cluster.js";
import type { ReplicationGroupArgs } from "@pulumi/aws/elasticache/replicationGroup.js";
import type { ServerlessCacheArgs } from "@pulumi/aws/elasticache/serverlessCache.js";
import type { Check } from "../../framework/check.ts";
import { beAtLeast } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

const days = {
  leastDays: { type: "integer", default: 1, minimum: 1, maximum: 35, description: "Least days that a snapshot is kept." },
} as const;

export default rule({
  id: "cache-backed-up",
  title: "A cache is snapshotted every day",
  severity: "medium",
  description: "A cache that comes back empty sends all reads to the database, and sessions that were only there are lost.",
  remediation: "Set snapshotRetentionLimit to 1 or more.",
  controls: { fsbp: ["ElastiCache.1"], wellArchitected: ["REL09"] },
  since: "scaled",
  config: days,
  resources: {
    "aws:elasticache/replicationGroup:ReplicationGroup": kept,
    "aws:elasticache/serverlessCache:ServerlessCache": kept,
    "aws:elasticache/cluster:Cluster": (cluster: Resource<ClusterArgs>, check) => {
      // Memcached has nothing to snapshot; a node of a group is kept with its group.
      if (cluster.at("engine").value !== "memcached" && !cluster.at("replicationGroupId").isSet) kept(cluster, check);
    },
  },
});

function kept(
  cache: Resource<ClusterArgs | ReplicationGroupArgs | ServerlessCacheArgs>,
  { config, must }: Check<{ readonly leastDays: number }>,
): void {
  must(cache.at("snapshotRetentionLimit"), beAtLeast(config.leastDays, "days"));
}

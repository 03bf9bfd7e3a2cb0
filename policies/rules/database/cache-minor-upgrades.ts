import type { ClusterArgs } from "@pulumi/aws/elasticache/cluster.js";
import type { ReplicationGroupArgs } from "@pulumi/aws/elasticache/replicationGroup.js";
import type { Check } from "../../framework/check.ts";
import { beTrue } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

export default rule({
  id: "cache-minor-upgrades",
  title: "A cache takes minor versions by itself",
  severity: "medium",
  description: "Minor versions mend what is known to be broken; a cache without them keeps the faults that everyone can look up.",
  remediation: "Leave autoMinorVersionUpgrade out, or set it to true.",
  controls: { fsbp: ["ElastiCache.2"], pci4: ["6.3.3"], wellArchitected: ["SEC06"] },
  resources: { "aws:elasticache/replicationGroup:ReplicationGroup": upgraded, "aws:elasticache/cluster:Cluster": upgraded },
});

function upgraded(cache: Resource<ClusterArgs | ReplicationGroupArgs>, { must }: Check<unknown>): void {
  // True is the provider's default (aws.elasticache.ReplicationGroup).
  must(cache.at("autoMinorVersionUpgrade").or(true), beTrue);
}

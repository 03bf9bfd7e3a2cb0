import type { ReplicationGroupArgs } from "@pulumi/aws/elasticache/replicationGroup.js";
import { beTrue } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

export default rule({
  id: "cache-fails-over",
  title: "A cache has a replica in another zone that takes over",
  severity: "high",
  description: "When the only node fails, the cache is gone and empty afterwards, and the database gets all of its load at once.",
  remediation: "Set automaticFailoverEnabled and multiAzEnabled to true, with a replica or more.",
  controls: { fsbp: ["ElastiCache.3"], wellArchitected: ["REL10", "REL11"] },
  since: "scaled",
  resources: {
    "aws:elasticache/replicationGroup:ReplicationGroup": (group: Resource<ReplicationGroupArgs>, { must }) => {
      if (group.at("globalReplicationGroupId").isSet) return;
      must(group.at("automaticFailoverEnabled"), beTrue);
      must(group.at("multiAzEnabled"), beTrue);
    },
  },
});

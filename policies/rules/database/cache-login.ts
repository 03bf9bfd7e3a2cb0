import type { ReplicationGroupArgs } from "@pulumi/aws/elasticache/replicationGroup.js";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

export default rule({
  id: "cache-login",
  title: "A cache asks who is there",
  severity: "high",
  description:
    "A cache without a login obeys whatever reaches its port: one misled request of a server is enough to read or empty it.",
  remediation: "Set authToken from a secret, or userGroupIds.",
  controls: { fsbp: ["ElastiCache.6"], pci4: ["2.2.2"], wellArchitected: ["SEC02"] },
  resources: {
    "aws:elasticache/replicationGroup:ReplicationGroup": (group: Resource<ReplicationGroupArgs>, { fail }) => {
      if (group.at("globalReplicationGroupId").isSet) return;
      const ways = ["authToken", "authTokenWo", "userGroupIds"] as const;
      // A token that is made by another resource is there, whatever it will be.
      const { propertyDependencies: sources } = group;
      if (!ways.some((way) => (sources[way] ?? []).length > 0 || group.at(way).isSet))
        fail(group, "the cache lets in whoever reaches it", "it must have an authToken or userGroupIds");
    },
  },
});

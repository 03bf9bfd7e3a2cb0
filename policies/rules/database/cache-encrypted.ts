import type { ReplicationGroupArgs } from "@pulumi/aws/elasticache/replicationGroup.js";
import { beTrue } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

export default rule({
  id: "cache-encrypted",
  title: "A cache is encrypted at rest",
  severity: "medium",
  description: "Backups, and what a cache swaps to disk, hold sessions and personal data. Encryption cannot be added in place.",
  remediation: "Set atRestEncryptionEnabled to true. A group that exists is replaced by that: plan for an empty cache.",
  controls: { fsbp: ["ElastiCache.4"], pci4: ["3.5.1"], wellArchitected: ["SEC08"] },
  resources: {
    "aws:elasticache/replicationGroup:ReplicationGroup": (group: Resource<ReplicationGroupArgs>, { must }) => {
      // A member of a global datastore takes it over from the primary.
      if (!group.at("globalReplicationGroupId").isSet) must(group.at("atRestEncryptionEnabled"), beTrue);
    },
  },
});

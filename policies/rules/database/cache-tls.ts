import type { ReplicationGroupArgs } from "@pulumi/aws/elasticache/replicationGroup.js";
import { beNoneOf, beTrue } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

export default rule({
  id: "cache-tls",
  title: "Clients reach a cache over TLS only",
  severity: "high",
  description: "Without TLS, sessions and the password of the cache pass through the network as they are.",
  remediation: 'Set transitEncryptionEnabled to true and, once every client uses TLS, transitEncryptionMode to "required".',
  controls: { fsbp: ["ElastiCache.5"], pci4: ["4.2.1"], wellArchitected: ["SEC09"] },
  resources: {
    "aws:elasticache/replicationGroup:ReplicationGroup": (group: Resource<ReplicationGroupArgs>, { must }) => {
      if (group.at("globalReplicationGroupId").isSet) return;
      must(group.at("transitEncryptionEnabled"), beTrue);
      must(group.at("transitEncryptionMode"), beNoneOf("preferred"));
    },
  },
});

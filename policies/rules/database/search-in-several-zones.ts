import type { DomainArgs } from "@pulumi/aws/opensearch/domain.js";
import { beAtLeast, beTrue } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

export default rule({
  id: "search-in-several-zones",
  title: "A search domain has three data nodes and three of its own to lead, over several zones",
  severity: "high",
  description: "Two nodes cannot agree which of them leads when they lose sight of each other; in one zone they fail together.",
  remediation:
    "Set clusterConfig.zoneAwarenessEnabled, instanceCount 3 or more, dedicatedMasterEnabled, and dedicatedMasterCount 3.",
  controls: { fsbp: ["Opensearch.6"], securityHub: ["Opensearch.11"], wellArchitected: ["REL10"] },
  since: "distributed",
  resources: {
    "aws:opensearch/domain:Domain": (domain: Resource<DomainArgs>, { must }) => {
      const cluster = domain.at("clusterConfig");
      must(cluster.at("zoneAwarenessEnabled"), beTrue);
      must(cluster.at("instanceCount").or(1), beAtLeast(3, "nodes"));
      must(cluster.at("dedicatedMasterEnabled"), beTrue);
      must(cluster.at("dedicatedMasterCount"), beAtLeast(3, "nodes"));
    },
  },
});

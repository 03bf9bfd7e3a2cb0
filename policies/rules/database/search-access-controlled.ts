import type { DomainArgs } from "@pulumi/aws/opensearch/domain.js";
import { beTrue } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

export default rule({
  id: "search-access-controlled",
  title: "A search domain knows who may read which index",
  severity: "high",
  description: "Without fine-grained access control, whoever may ask the domain anything may read and delete every index.",
  remediation: "Set advancedSecurityOptions.enabled to true, with a masterUserArn.",
  controls: { fsbp: ["Opensearch.7"], pci4: ["7.2.1"], wellArchitected: ["SEC03"] },
  resources: {
    "aws:opensearch/domain:Domain": (domain: Resource<DomainArgs>, { must }) => {
      must(domain.at("advancedSecurityOptions", "enabled"), beTrue);
    },
  },
});

import type { DomainArgs } from "@pulumi/aws/opensearch/domain.js";
import { beSet } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

export default rule({
  id: "search-not-public",
  title: "A search domain stands in a VPC",
  severity: "critical",
  description:
    "Outside a VPC a domain has a public address, and one careless access policy opens every index to everyone. It cannot be moved later.",
  remediation: "Set vpcOptions.subnetIds to private subnets.",
  controls: { fsbp: ["Opensearch.2"], pci4: ["1.4.4"], wellArchitected: ["SEC05"] },
  resources: {
    "aws:opensearch/domain:Domain": (domain: Resource<DomainArgs>, { must }) => {
      must(domain.at("vpcOptions", "subnetIds"), beSet("name private subnets"));
    },
  },
});

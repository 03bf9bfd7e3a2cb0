import type { DomainArgs } from "@pulumi/aws/opensearch/domain.js";
import { beOneOf, beTrue } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

/** The policies that refuse TLS 1.1 and older (Amazon OpenSearch Service API reference, `DomainEndpointOptions`). */
const MODERN = ["Policy-Min-TLS-1-2-PFS-2023-10", "Policy-Min-TLS-1-2-RFC9151-FIPS-2024-08"];

export default rule({
  id: "search-tls",
  title: "Clients reach a search domain over modern TLS only",
  severity: "high",
  description: "Queries and documents pass through the network; over HTTP, or a TLS of old, others can read and change them.",
  remediation: `Set domainEndpointOptions with enforceHttps true and tlsSecurityPolicy "${MODERN[0] ?? ""}".`,
  controls: { fsbp: ["Opensearch.8"], pci4: ["4.2.1"], wellArchitected: ["SEC09"] },
  resources: {
    "aws:opensearch/domain:Domain": (domain: Resource<DomainArgs>, { must }) => {
      must(domain.at("domainEndpointOptions", "enforceHttps"), beTrue);
      must(domain.at("domainEndpointOptions", "tlsSecurityPolicy"), beOneOf(...MODERN));
    },
  },
});

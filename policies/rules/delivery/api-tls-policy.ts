import type { DomainNameArgs } from "@pulumi/aws/apigateway/domainName.js";
import type { DomainNameArgs as V2DomainNameArgs } from "@pulumi/aws/apigatewayv2/domainName.js";
import { beNoneOf } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

export default rule({
  id: "api-tls-policy",
  title: "A domain of an API takes TLS 1.2 and later only",
  severity: "medium",
  description: "The weaknesses of TLS 1.0 let a listener on the way read what is called and answered.",
  remediation: 'Set securityPolicy to "TLS_1_2" or later.',
  controls: { pci4: ["4.2.1"], wellArchitected: ["SEC09"] },
  resources: {
    "aws:apigateway/domainName:DomainName": (domain: Resource<DomainNameArgs>, { must }) =>
      must(domain.at("securityPolicy"), beNoneOf("TLS_1_0")),
    "aws:apigatewayv2/domainName:DomainName": (domain: Resource<V2DomainNameArgs>, { must }) =>
      must(domain.at("domainNameConfiguration", "securityPolicy"), beNoneOf("TLS_1_0")),
  },
});

import rule from "../../../../policies/rules/delivery/api-tls-policy.ts";
import { casesOf, UNKNOWN } from "../../support/cases.ts";

const DOMAIN = "aws:apigateway/domainName:DomainName";
const DOMAIN_2 = "aws:apigatewayv2/domainName:DomainName";
const of = (securityPolicy: unknown) => ({ domainNameConfiguration: { securityPolicy } });

export default casesOf(rule, {
  passes: {
    "a domain with TLS 1.2": { given: [DOMAIN, { securityPolicy: "TLS_1_2" }] },
    "a domain that says nothing of it": { given: [DOMAIN, {}] },
    "a domain of an HTTP API with TLS 1.2": { given: [DOMAIN_2, of("TLS_1_2")] },
  },
  fails: {
    "a domain with TLS 1.0": {
      given: [DOMAIN, { securityPolicy: "TLS_1_0" }],
      says: 'securityPolicy is "TLS_1_0"; it must not be "TLS_1_0".',
    },
    "a domain of an HTTP API with TLS 1.0": {
      given: [DOMAIN_2, of("TLS_1_0")],
      says: 'domainNameConfiguration.securityPolicy is "TLS_1_0"; it must not be "TLS_1_0".',
    },
  },
  unknown: {
    "a policy that is chosen later": { given: [DOMAIN, { securityPolicy: UNKNOWN }], open: "securityPolicy" },
    "settings of an HTTP API that are not known": {
      given: [DOMAIN_2, { domainNameConfiguration: UNKNOWN }],
      open: "domainNameConfiguration",
    },
  },
  survives: { "*: *": "every policy but the one is of TLS 1.2 or later" },
});

import rule from "../../../../policies/rules/database/search-tls.ts";
import { casesOf, UNKNOWN } from "../../support/cases.ts";

const DOMAIN = "aws:opensearch/domain:Domain";
const POLICY = "Policy-Min-TLS-1-2-PFS-2023-10";
const wanted = 'it must be one of "Policy-Min-TLS-1-2-PFS-2023-10", "Policy-Min-TLS-1-2-RFC9151-FIPS-2024-08".';

export default casesOf(rule, {
  passes: {
    "a domain for TLS of today": {
      given: [DOMAIN, { domainEndpointOptions: { enforceHttps: true, tlsSecurityPolicy: POLICY } }],
    },
  },
  fails: {
    "a domain that says nothing of it": {
      given: [DOMAIN, {}],
      says: [
        "domainEndpointOptions.enforceHttps is nothing; it must be true.",
        `domainEndpointOptions.tlsSecurityPolicy is nothing; ${wanted}`,
      ],
    },
    "a domain for TLS of old": {
      given: [DOMAIN, { domainEndpointOptions: { enforceHttps: true, tlsSecurityPolicy: "Policy-Min-TLS-1-0-2019-07" } }],
      says: `domainEndpointOptions.tlsSecurityPolicy is "Policy-Min-TLS-1-0-2019-07"; ${wanted}`,
    },
  },
  unknown: {
    "a policy that is chosen later": {
      given: [DOMAIN, { domainEndpointOptions: { enforceHttps: false, tlsSecurityPolicy: UNKNOWN } }],
      open: "domainEndpointOptions.tlsSecurityPolicy",
      says: "domainEndpointOptions.enforceHttps is false; it must be true.",
    },
  },
});

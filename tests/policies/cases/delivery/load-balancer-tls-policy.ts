import rule from "../../../../policies/rules/delivery/load-balancer-tls-policy.ts";
import { casesOf, UNKNOWN } from "../../support/cases.ts";
import { LISTENER, withOtherName } from "../../support/load-balancers.ts";

const wanted = "it must name a policy of TLS 1.3 and 1.2 only, such as ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09.";
const https = (sslPolicy: unknown) => ({ protocol: "HTTPS", sslPolicy });

export default casesOf(
  rule,
  withOtherName({
    passes: {
      "the policy that AWS recommends": { given: [LISTENER, https("ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09")] },
      "a policy of TLS 1.3 alone, of a load balancer for TCP": {
        given: [LISTENER, { protocol: "TLS", sslPolicy: "ELBSecurityPolicy-TLS13-1-3-2021-06" }],
      },
      "a policy that is fit for the authorities": { given: [LISTENER, https("ELBSecurityPolicy-TLS13-1-2-FIPS-2023-04")] },
      "a listener without TLS": { given: [LISTENER, { port: 80 }], cannotBreak: "another rule asks about plain HTTP" },
    },
    fails: {
      "a policy with TLS 1.0": {
        given: [LISTENER, https("ELBSecurityPolicy-2016-08")],
        says: `sslPolicy is "ELBSecurityPolicy-2016-08"; ${wanted}`,
      },
      "a policy with ciphers for older clients": {
        given: [LISTENER, https("ELBSecurityPolicy-TLS13-1-2-Ext2-2021-06")],
        says: `sslPolicy is "ELBSecurityPolicy-TLS13-1-2-Ext2-2021-06"; ${wanted}`,
      },
      "a listener that names none": {
        given: [LISTENER, { protocol: "TLS" }],
        says: `sslPolicy is nothing, which means "ELBSecurityPolicy-2016-08"; ${wanted}`,
      },
    },
    unknown: { "a policy that is chosen later": { given: [LISTENER, https(UNKNOWN)], open: "sslPolicy" } },
    survives: { "protocol: *": "without TLS there is no policy" },
  }),
);

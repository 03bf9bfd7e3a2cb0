import rule from "../../../../policies/rules/delivery/cdn-tls-policy.ts";
import { casesOf, UNKNOWN } from "../../support/cases.ts";

const CDN = "aws:cloudfront/distribution:Distribution";
const sound = { minimumProtocolVersion: "TLSv1.2_2021", sslSupportMethod: "sni-only" };
const of = (viewerCertificate: object): readonly [string, Record<string, unknown>] => [CDN, { viewerCertificate }];
const wanted = 'it must be one of "TLSv1.2_2021", "TLSv1.2_2025", "TLSv1.3_2025".';

export default casesOf(rule, {
  passes: {
    "a network with TLS 1.2 and later": { given: of(sound) },
    "a network with CloudFront's own certificate": { given: of({ cloudfrontDefaultCertificate: true }) },
  },
  fails: {
    "a network with TLS 1.0": {
      given: of({ ...sound, minimumProtocolVersion: "TLSv1" }),
      says: `viewerCertificate.minimumProtocolVersion is "TLSv1"; ${wanted}`,
    },
    "a network with an address of its own for the certificate": {
      given: of({ ...sound, sslSupportMethod: "vip" }),
      says: 'viewerCertificate.sslSupportMethod is "vip"; it must be "sni-only".',
    },
    "a network that says nothing of either": {
      given: [CDN, {}],
      says: [
        `viewerCertificate.minimumProtocolVersion is nothing; ${wanted}`,
        'viewerCertificate.sslSupportMethod is nothing; it must be "sni-only".',
      ],
    },
  },
  unknown: {
    "a version that is chosen later": {
      given: of({ ...sound, minimumProtocolVersion: UNKNOWN }),
      open: "viewerCertificate.minimumProtocolVersion",
    },
  },
});

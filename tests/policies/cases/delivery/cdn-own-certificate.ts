import rule from "../../../../policies/rules/delivery/cdn-own-certificate.ts";
import { casesOf, UNKNOWN } from "../../support/cases.ts";

const CDN = "aws:cloudfront/distribution:Distribution";
const arn = "arn:aws:acm:us-east-1:123456789012:certificate/1";
const says = "viewerCertificate names no certificate; it must name one in acmCertificateArn.";

export default casesOf(rule, {
  passes: {
    "a network with a certificate": { given: [CDN, { viewerCertificate: { acmCertificateArn: arn } }] },
    "a network with a certificate of IAM": { given: [CDN, { viewerCertificate: { iamCertificateId: "ASCA1" } }] },
  },
  fails: {
    "a network with CloudFront's own": { given: [CDN, { viewerCertificate: { cloudfrontDefaultCertificate: true } }], says },
    "a network that says nothing of it": { given: [CDN, {}], says },
  },
  unknown: {
    "a certificate that is made later": {
      given: [CDN, { viewerCertificate: { acmCertificateArn: UNKNOWN } }],
      open: "viewerCertificate.acmCertificateArn",
    },
  },
  survives: {
    "viewerCertificate.acmCertificateArn: another text": "another certificate is one as well",
    "viewerCertificate.iamCertificateId: another text": "another certificate is one as well",
  },
});

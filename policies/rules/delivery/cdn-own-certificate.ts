import type { DistributionArgs } from "@pulumi/aws/cloudfront/distribution.js";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

export default rule({
  id: "cdn-own-certificate",
  title: "A delivery network has a name and a certificate of its own",
  severity: "medium",
  description: "CloudFront's own name takes TLS 1.0, whatever is set, and cannot move to another network one day.",
  remediation: "Name a certificate of us-east-1 in viewerCertificate.acmCertificateArn, and your domain in aliases.",
  controls: { fsbp: ["CloudFront.7"], wellArchitected: ["SEC09"] },
  since: "scaled",
  resources: {
    "aws:cloudfront/distribution:Distribution": (distribution: Resource<DistributionArgs>, { fail }) => {
      const certificate = distribution.at("viewerCertificate");
      if (!certificate.at("acmCertificateArn").isSet && !certificate.at("iamCertificateId").isSet)
        fail(certificate, "viewerCertificate names no certificate", "it must name one in acmCertificateArn");
    },
  },
});

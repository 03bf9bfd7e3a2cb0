import type { DistributionArgs } from "@pulumi/aws/cloudfront/distribution.js";
import { be, beOneOf } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

export default rule({
  id: "cdn-tls-policy",
  title: "A delivery network takes TLS 1.2 and 1.3 only, by the name that the client asks for",
  severity: "medium",
  description:
    "Older versions have weaknesses by which a listener on the way reads the session. An address for each certificate serves clients without SNI, which are gone, for 600 USD a month.",
  remediation: 'Set viewerCertificate.minimumProtocolVersion to "TLSv1.2_2021" or later, and sslSupportMethod to "sni-only".',
  controls: { fsbp: ["CloudFront.8", "CloudFront.15"], pci4: ["4.2.1"], wellArchitected: ["SEC09"] },
  resources: {
    "aws:cloudfront/distribution:Distribution": (distribution: Resource<DistributionArgs>, { must }) => {
      const certificate = distribution.at("viewerCertificate");
      // With CloudFront's own certificate there is nothing to choose.
      if (certificate.at("cloudfrontDefaultCertificate").value === true) return;
      must(certificate.at("minimumProtocolVersion"), beOneOf("TLSv1.2_2021", "TLSv1.2_2025", "TLSv1.3_2025"));
      must(certificate.at("sslSupportMethod"), be("sni-only"));
    },
  },
});

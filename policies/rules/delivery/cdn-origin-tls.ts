import type { DistributionArgs } from "@pulumi/aws/cloudfront/distribution.js";
import { beOneOf, fit } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

const OLD = ["SSLv3", "TLSv1", "TLSv1.1"];

export default rule({
  id: "cdn-origin-tls",
  title: "A delivery network fetches by TLS 1.2",
  severity: "medium",
  description: "What people get by HTTPS has crossed the internet in the open when the network fetched it by plain HTTP.",
  remediation: 'Set originProtocolPolicy to "https-only", and originSslProtocols to ["TLSv1.2"].',
  controls: { fsbp: ["CloudFront.9", "CloudFront.10"], pci4: ["4.2.1"], wellArchitected: ["SEC09"] },
  resources: {
    "aws:cloudfront/distribution:Distribution": (distribution: Resource<DistributionArgs>, { each, must }) => {
      each(distribution.at("origins"), (origin) => {
        const server = origin.at("customOriginConfig");
        // A bucket is fetched from as the viewer asked, and by AWS's own network.
        if (!server.isSet) return;
        must(server.at("originProtocolPolicy"), beOneOf("https-only", "match-viewer"));
        must(
          server.at("originSslProtocols"),
          fit("leave out SSLv3, TLSv1 and TLSv1.1", (versions: readonly string[] = []) =>
            !versions.some((each) => OLD.includes(each))),
        );
      });
    },
  },
});

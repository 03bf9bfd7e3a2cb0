import type { DistributionArgs } from "@pulumi/aws/cloudfront/distribution.js";
import { beSet } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

export default rule({
  id: "cdn-origin-access-control",
  title: "Buckets and functions behind a delivery network answer to nobody else",
  severity: "high",
  description:
    "Without an access control the bucket or the function has to be open to everyone, and whoever knows its address goes past the network, its firewall and its logs.",
  remediation:
    "Add an aws.cloudfront.OriginAccessControl, name it in originAccessControlId, and let cloudfront.amazonaws.com in by the policy of the bucket or the function, bound by aws:SourceArn.",
  controls: { fsbp: ["CloudFront.13", "CloudFront.16"], wellArchitected: ["SEC03"] },
  resources: {
    "aws:cloudfront/distribution:Distribution": (distribution: Resource<DistributionArgs>, { each, must }) => {
      each(distribution.at("origins"), (origin) => {
        const isServer = origin.at("customOriginConfig").isSet || origin.at("vpcOriginConfig").isSet;
        if (isServer && !/\.lambda-url\.[\w-]+\.on\.aws$/.test(origin.at("domainName").value ?? "")) return;
        must(origin.at("originAccessControlId"), beSet("name an access control"));
      });
    },
  },
});

import type { DistributionArgs } from "@pulumi/aws/cloudfront/distribution.js";
import { beSet } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

export default rule({
  id: "cdn-behind-firewall",
  title: "A delivery network turns away attacks by a web application firewall",
  severity: "medium",
  description: "At the edge, floods and known attacks end before they reach, or cost, anything behind it.",
  remediation: 'Add an aws.wafv2.WebAcl of the scope "CLOUDFRONT" in us-east-1, and name its ARN in webAclId.',
  controls: { fsbp: ["CloudFront.6"], wellArchitected: ["SEC05"] },
  since: "distributed",
  resources: {
    "aws:cloudfront/distribution:Distribution": (distribution: Resource<DistributionArgs>, { must }) =>
      must(distribution.at("webAclId"), beSet("name a firewall")),
  },
});

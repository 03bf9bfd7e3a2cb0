import type { DistributionArgs } from "@pulumi/aws/cloudfront/distribution.js";
import { beSet } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

export default rule({
  id: "cdn-origin-failover",
  title: "A delivery network has a second place to fetch from",
  severity: "low",
  description: "When the only origin is gone, the network can answer what it has cached, and errors for everything else.",
  remediation: "Add an origin in another region, and an entry of originGroups with both as members.",
  controls: { fsbp: ["CloudFront.4"], wellArchitected: ["REL10"] },
  level: "advisory",
  resources: {
    "aws:cloudfront/distribution:Distribution": (distribution: Resource<DistributionArgs>, { must }) =>
      must(distribution.at("originGroups"), beSet("name an origin and one that steps in for it")),
  },
});

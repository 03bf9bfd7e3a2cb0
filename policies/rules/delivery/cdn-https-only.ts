import type { DistributionArgs } from "@pulumi/aws/cloudfront/distribution.js";
import type { Check } from "../../framework/check.ts";
import { beOneOf } from "../../framework/matchers.ts";
import type { Property } from "../../framework/property.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

export default rule({
  id: "cdn-https-only",
  title: "A delivery network answers by HTTPS only",
  severity: "high",
  description: "By plain HTTP, what people see and send is readable on the way, and can be changed there.",
  remediation: 'Set viewerProtocolPolicy of every cache behavior to "redirect-to-https" or "https-only".',
  controls: { fsbp: ["CloudFront.3"], pci4: ["4.2.1"], wellArchitected: ["SEC09"] },
  resources: {
    "aws:cloudfront/distribution:Distribution": (distribution: Resource<DistributionArgs>, check) => {
      encrypted(distribution.at("defaultCacheBehavior"), check);
      check.each(distribution.at("orderedCacheBehaviors"), (behavior) => encrypted(behavior, check));
    },
  },
});

function encrypted(behavior: Property<{ readonly viewerProtocolPolicy?: string }>, { must }: Check<unknown>): void {
  must(behavior.at("viewerProtocolPolicy"), beOneOf("redirect-to-https", "https-only"));
}

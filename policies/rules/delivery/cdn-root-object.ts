import type { DistributionArgs } from "@pulumi/aws/cloudfront/distribution.js";
import { beSet } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

export default rule({
  id: "cdn-root-object",
  title: "A delivery network answers its bare name with a page",
  severity: "low",
  description:
    "Without one, whoever asks for the bare name of a bucket behind the network may get the list of all that is in it.",
  remediation: 'Set defaultRootObject, such as "index.html".',
  controls: { fsbp: ["CloudFront.1"], wellArchitected: ["SEC05"] },
  level: "advisory",
  resources: {
    "aws:cloudfront/distribution:Distribution": (distribution: Resource<DistributionArgs>, { must }) =>
      must(distribution.at("defaultRootObject"), beSet("name a page")),
  },
});

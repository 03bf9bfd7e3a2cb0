import type { LogDeliverySourceArgs } from "@pulumi/aws/cloudwatch/logDeliverySource.js";
import type { DistributionArgs } from "@pulumi/aws/cloudfront/distribution.js";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

export default rule({
  id: "cdn-access-logged",
  title: "A delivery network logs the requests that it answers",
  severity: "medium",
  description: "What the network answers by itself, no server ever sees: without its log nobody knows who asked for what.",
  remediation:
    "Name a bucket in loggingConfig.bucket, or add an aws.cloudwatch.LogDeliverySource with the ARN of the distribution and a LogDelivery.",
  controls: { fsbp: ["CloudFront.5"], pci4: ["10.2.1"], wellArchitected: ["SEC04"] },
  since: "scaled",
  inStack: {
    "aws:cloudfront/distribution:Distribution": (distribution: Resource<DistributionArgs>, { fail }, stack) => {
      const config = distribution.at("loggingConfig");
      const sources = distribution.propertyDependencies["loggingConfig"] ?? [];
      if (sources.length > 0 || config.at("bucket").isSet) return;
      const delivered = stack.linked<LogDeliverySourceArgs>(
        "aws:cloudwatch/logDeliverySource:LogDeliverySource",
        "resourceArn",
        distribution,
      );
      if (delivered.length === 0)
        fail(config, "the distribution has neither a loggingConfig.bucket nor a LogDeliverySource", "it must have one");
    },
  },
});

import type { LogGroupArgs } from "@pulumi/aws/cloudwatch/logGroup.js";
import { beSet } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

export default rule({
  id: "log-own-key",
  title: "A log is encrypted with a key of ours",
  severity: "low",
  description: "Logs repeat what requests say. With a key of our own, whoever may read logs may still not read these.",
  remediation: "Set kmsKeyId to the ARN of an aws.kms.Key whose policy lets the region's logs service use it.",
  controls: { wellArchitected: ["SEC08"] },
  level: "advisory",
  resources: {
    "aws:cloudwatch/logGroup:LogGroup": (logs: Resource<LogGroupArgs>, { must }) => {
      const { kmsKeyId: sources = [] } = logs.propertyDependencies;
      if (sources.length === 0) must(logs.at("kmsKeyId"), beSet("name a key"));
    },
  },
});

import type { StreamArgs } from "@pulumi/aws/kinesis/stream.js";
import { beAtLeast } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

export default rule({
  id: "stream-kept-for-a-week",
  title: "A stream keeps its records for a week",
  severity: "medium",
  description: "A reader that breaks on a Friday evening has lost records by Saturday evening when they are kept for a day.",
  remediation: "Set retentionPeriod to 168 hours or more.",
  controls: { fsbp: ["Kinesis.3"], wellArchitected: ["REL05"] },
  since: "scaled",
  config: {
    leastHours: { type: "integer", default: 168, minimum: 24, maximum: 8760, description: "Least hours that records are kept." },
  },
  resources: {
    "aws:kinesis/stream:Stream": (stream: Resource<StreamArgs>, { config, must }) =>
      must(stream.at("retentionPeriod").or(24), beAtLeast(config.leastHours, "hours")),
  },
});

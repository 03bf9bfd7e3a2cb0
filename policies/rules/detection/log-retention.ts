import type { LogGroupArgs } from "@pulumi/aws/cloudwatch/logGroup.js";
import { fit } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

export default rule({
  id: "log-retention",
  title: "A log is kept as long as it is needed, and not for ever",
  severity: "medium",
  description:
    "Without a word a log group keeps every line, and charges for it, for ever. A few days are too few to follow an intruder.",
  remediation: "Set retentionInDays, such as 30 for what a program says and 365 for who did what.",
  controls: { securityHub: ["CloudWatch.16"], wellArchitected: ["COST04", "SEC04"] },
  config: {
    leastDays: { type: "integer", default: 7, minimum: 1, maximum: 3653, description: "Least days that a log is kept." },
    mostDays: { type: "integer", default: 3653, minimum: 1, maximum: 3653, description: "Most days that a log is kept." },
  },
  resources: {
    "aws:cloudwatch/logGroup:LogGroup": (logs: Resource<LogGroupArgs>, { config, must }) => {
      // A group of the class DELIVERY keeps everything for two days, whatever it says (provider's documentation).
      if (logs.at("logGroupClass").value === "DELIVERY") return;
      const { leastDays, mostDays } = config;
      must(
        logs.at("retentionInDays").or(0, "which means for ever"),
        fit(`be ${String(leastDays)} to ${String(mostDays)} days`, (days = 0) => days >= leastDays && days <= mostDays),
      );
    },
  },
});

import type { FunctionArgs } from "@pulumi/aws/lambda/function.js";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";
import { mustBeAlarmed } from "../../shared/alarms.ts";

export default rule({
  id: "function-has-alarms",
  title: "Somebody is told when a function fails or is held back",
  severity: "high",
  description: "A function that nobody waits for fails in silence; one that is throttled does not even write a log.",
  remediation: "Set alarms on Errors and Throttles, with the name of the function as the dimension FunctionName.",
  controls: { wellArchitected: ["REL06", "OPS08"] },
  config: {
    metrics: {
      type: "array",
      items: { type: "string" },
      default: ["Errors", "Throttles"],
      description: "Metrics that must have an alarm.",
    },
  },
  inStack: {
    "aws:lambda/function:Function": (worker: Resource<FunctionArgs>, check, stack) => {
      mustBeAlarmed(worker, stack, check, { metrics: check.config.metrics, names: ["name"], what: "the function" });
    },
  },
});

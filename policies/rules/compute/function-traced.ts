import type { FunctionArgs } from "@pulumi/aws/lambda/function.js";
import { be } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

export default rule({
  id: "function-traced",
  title: "A function takes part in traces",
  severity: "low",
  description: "A request that passes through a function without a trace is slow for a reason that nobody sees.",
  remediation: 'Set tracingConfig.mode to "Active".',
  controls: { securityHub: ["Lambda.7"], wellArchitected: ["OPS04", "REL06"] },
  level: "advisory",
  resources: {
    "aws:lambda/function:Function": (worker: Resource<FunctionArgs>, { must }) => {
      must(worker.at("tracingConfig", "mode").or("PassThrough"), be("Active"));
    },
  },
});

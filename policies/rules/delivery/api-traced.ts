import type { StageArgs } from "@pulumi/aws/apigateway/stage.js";
import { beTrue } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

export default rule({
  id: "api-traced",
  title: "A REST API begins a trace of what it calls",
  severity: "low",
  description: "Without traces nobody can say which of several services made a request slow.",
  remediation: "Set xrayTracingEnabled to true.",
  controls: { fsbp: ["APIGateway.3"], wellArchitected: ["OPS04"] },
  since: "distributed",
  resources: {
    "aws:apigateway/stage:Stage": (stage: Resource<StageArgs>, { must }) => must(stage.at("xrayTracingEnabled"), beTrue),
  },
});

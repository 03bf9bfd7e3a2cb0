import type { StageArgs } from "@pulumi/aws/apigateway/stage.js";
import type { StageArgs as V2StageArgs } from "@pulumi/aws/apigatewayv2/stage.js";
import type { Check } from "../../framework/check.ts";
import { beSet } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

export default rule({
  id: "api-access-logged",
  title: "An API logs who called what",
  severity: "medium",
  description: "What the gateway turns away never reaches the code behind it; the access log is the only trace.",
  remediation: "Set accessLogSettings with the ARN of a log group and a format.",
  controls: { fsbp: ["APIGateway.9"], pci4: ["10.2.1"], wellArchitected: ["SEC04"] },
  resources: { "aws:apigatewayv2/stage:Stage": logged, "aws:apigateway/stage:Stage": logged },
});

function logged(stage: Resource<StageArgs | V2StageArgs>, { must }: Check<unknown>): void {
  must(stage.at("accessLogSettings", "destinationArn"), beSet("name a log group"));
}

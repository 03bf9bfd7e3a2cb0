import type { MethodSettingsArgs } from "@pulumi/aws/apigateway/methodSettings.js";
import type { StageArgs } from "@pulumi/aws/apigateway/stage.js";
import type { ApiArgs } from "@pulumi/aws/apigatewayv2/api.js";
import type { StageArgs as V2StageArgs } from "@pulumi/aws/apigatewayv2/stage.js";
import { beOneOf } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

export default rule({
  id: "api-execution-logged",
  title: "A REST or WebSocket API logs its failures at least",
  severity: "medium",
  description: "When the gateway itself fails a request, its execution log is the only place that says why.",
  remediation:
    'Add an aws.apigateway.MethodSettings for the stage with methodPath "*/*" and settings.loggingLevel "ERROR"; of a WebSocket API, set defaultRouteSettings.loggingLevel.',
  controls: { fsbp: ["APIGateway.1"], wellArchitected: ["SEC04", "OPS08"] },
  inStack: {
    "aws:apigateway/stage:Stage": (stage: Resource<StageArgs>, { fail, must }, stack) => {
      const all = stack.linked<MethodSettingsArgs>("aws:apigateway/methodSettings:MethodSettings", "stageName", stage);
      const whole = all.find((each) => each.named.at("methodPath").value === "*/*");
      if (whole === undefined)
        fail(stage, 'the stage has no MethodSettings of "*/*"', "it must have one that sets a loggingLevel");
      else must(whole.named.at("settings", "loggingLevel").or("OFF"), beOneOf("ERROR", "INFO"));
    },
    "aws:apigatewayv2/stage:Stage": (stage: Resource<V2StageArgs>, { must }, stack) => {
      const [api] = stack.namedBy<ApiArgs>(stage, "apiId", "aws:apigatewayv2/api:Api");
      // HTTP APIs have an access log only.
      if (api?.named.at("protocolType").value === "WEBSOCKET")
        must(stage.at("defaultRouteSettings", "loggingLevel").or("OFF"), beOneOf("ERROR", "INFO"));
    },
  },
});

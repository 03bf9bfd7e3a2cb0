import type { MethodSettingsArgs } from "@pulumi/aws/apigateway/methodSettings.js";
import { beTrue } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

export default rule({
  id: "api-cache-encrypted",
  title: "What a REST API keeps of its answers is encrypted",
  severity: "medium",
  description: "The cache holds answers as they went out, with whatever they say of people.",
  remediation: "Set settings.cacheDataEncrypted to true wherever cachingEnabled is.",
  controls: { fsbp: ["APIGateway.5"], wellArchitected: ["SEC08"] },
  resources: {
    "aws:apigateway/methodSettings:MethodSettings": (settings: Resource<MethodSettingsArgs>, { must }) => {
      if (settings.at("settings", "cachingEnabled").value === true) must(settings.at("settings", "cacheDataEncrypted"), beTrue);
    },
  },
});

import type { ServiceArgs } from "@pulumi/aws/ecs/service.js";
import { beTrue } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

export default rule({
  id: "service-rolls-back",
  title: "A deployment of a service that fails is taken back",
  severity: "medium",
  description: "Without a circuit breaker ECS starts a broken version again and again, and the deployment never ends.",
  remediation: "Set deploymentCircuitBreaker with enable and rollback true.",
  controls: { wellArchitected: ["REL08", "OPS05"] },
  resources: {
    "aws:ecs/service:Service": (service: Resource<ServiceArgs>, { must }) => {
      // Other controllers have ways of their own (Amazon ECS Developer Guide, "Deployment controllers").
      if ((service.at("deploymentController", "type").value ?? "ECS") !== "ECS") return;
      must(service.at("deploymentCircuitBreaker", "enable"), beTrue);
      must(service.at("deploymentCircuitBreaker", "rollback"), beTrue);
    },
  },
});

import type { ServiceArgs } from "@pulumi/aws/ecs/service.js";
import { beOneOf } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

export default rule({
  id: "service-platform-latest",
  title: "A service on Fargate runs on the current platform",
  severity: "medium",
  description: "A platform version that is written down no longer gets the repairs of the kernel and the container runtime.",
  remediation: 'Leave platformVersion out, or set it to "LATEST".',
  controls: { fsbp: ["ECS.10"], pci4: ["6.3.3"], wellArchitected: ["SEC06"] },
  resources: {
    "aws:ecs/service:Service": (service: Resource<ServiceArgs>, { must }) => {
      must(service.at("platformVersion").or("LATEST"), beOneOf("LATEST"));
    },
  },
});

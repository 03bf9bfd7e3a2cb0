import type { ServiceArgs } from "@pulumi/aws/ecs/service.js";
import type { TaskSetArgs } from "@pulumi/aws/ecs/taskSet.js";
import type { Check } from "../../framework/check.ts";
import { beFalse } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

export default rule({
  id: "service-without-public-address",
  title: "The tasks of a service have no public address",
  severity: "high",
  description: "A task with a public address is reached past the load balancer, its firewall and its log.",
  remediation: "Set networkConfiguration.assignPublicIp to false, and put the service behind a load balancer.",
  controls: { fsbp: ["ECS.2", "ECS.16"], pci4: ["1.4.4"], wellArchitected: ["SEC05"] },
  resources: { "aws:ecs/service:Service": closed, "aws:ecs/taskSet:TaskSet": closed },
});

function closed(service: Resource<ServiceArgs | TaskSetArgs>, { must }: Check<unknown>): void {
  must(service.at("networkConfiguration", "assignPublicIp"), beFalse);
}

import type { TaskDefinitionArgs } from "@pulumi/aws/ecs/taskDefinition.js";
import { beSet } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";
import { eachContainer, TASK } from "../../shared/containers.ts";

export default rule({
  id: "container-logged",
  title: "What a container of a task writes is kept",
  severity: "medium",
  description:
    "Without a log driver, what the program said is gone together with the container, and most of all when it crashed.",
  remediation: 'Set logConfiguration with a logDriver such as "awslogs".',
  controls: { fsbp: ["ECS.9"], pci4: ["10.2.1"], wellArchitected: ["OPS04", "SEC04"] },
  resources: {
    [TASK]: (task: Resource<TaskDefinitionArgs>, check) => {
      eachContainer(task, check, (container) => check.must(container.at("logConfiguration", "logDriver"), beSet()));
    },
  },
});

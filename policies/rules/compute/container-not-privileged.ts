import type { TaskDefinitionArgs } from "@pulumi/aws/ecs/taskDefinition.js";
import { beFalse } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";
import { eachContainer, TASK } from "../../shared/containers.ts";

export default rule({
  id: "container-not-privileged",
  title: "A container of a task has no power over its host",
  severity: "high",
  description: "Whoever breaks into a privileged container is root on the host, and in every other container there.",
  remediation: "Leave privileged out, or set it to false.",
  controls: { fsbp: ["ECS.4"], wellArchitected: ["SEC06"] },
  resources: {
    [TASK]: (task: Resource<TaskDefinitionArgs>, check) => {
      eachContainer(task, check, (container) => check.must(container.at("privileged"), beFalse));
    },
  },
});

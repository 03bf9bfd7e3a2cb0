import type { TaskDefinitionArgs } from "@pulumi/aws/ecs/taskDefinition.js";
import { beTrue } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";
import { eachContainer, TASK } from "../../shared/containers.ts";

export default rule({
  id: "container-root-read-only",
  title: "A container of a task cannot change its own program",
  severity: "medium",
  description:
    "On a root file system that can be written, an intruder leaves programs of his own and changes the ones that are there.",
  remediation: "Set readonlyRootFilesystem to true, and mount a volume where the program writes.",
  controls: { fsbp: ["ECS.5"], wellArchitected: ["SEC06"] },
  since: "scaled",
  resources: {
    [TASK]: (task: Resource<TaskDefinitionArgs>, check) => {
      eachContainer(task, check, (container) => check.must(container.at("readonlyRootFilesystem"), beTrue));
    },
  },
});

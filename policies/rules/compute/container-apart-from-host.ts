import type { TaskDefinitionArgs } from "@pulumi/aws/ecs/taskDefinition.js";
import { beNoneOf } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";
import { TASK } from "../../shared/containers.ts";

export default rule({
  id: "container-apart-from-host",
  title: "A task shares neither processes nor network with its host",
  severity: "high",
  description:
    "In the host's process namespace a container sees, and can end, whatever runs on the host. In its network it reaches the metadata of the host and with it the host's role.",
  remediation: 'Leave pidMode and ipcMode out, or set them to "task", and set networkMode to "awsvpc".',
  controls: { fsbp: ["ECS.3"], securityHub: ["ECS.17"], wellArchitected: ["SEC06"] },
  resources: {
    [TASK]: (task: Resource<TaskDefinitionArgs>, { must }) => {
      for (const mode of ["pidMode", "ipcMode", "networkMode"] as const) must(task.at(mode), beNoneOf("host"));
    },
  },
});

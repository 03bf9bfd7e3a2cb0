import type { ProjectArgs } from "@pulumi/aws/codebuild/project.js";
import type { TaskDefinitionArgs } from "@pulumi/aws/ecs/taskDefinition.js";
import type { FunctionArgs } from "@pulumi/aws/lambda/function.js";
import type { Check } from "../../framework/check.ts";
import type { Property } from "../../framework/property.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";
import { eachContainer, TASK } from "../../shared/containers.ts";
import { secretIn } from "../../shared/secrets.ts";

export default rule({
  id: "environment-without-secrets",
  title: "The environment of a function, a container or a build holds no secret",
  severity: "critical",
  description:
    "Whoever may describe the function, the task or the build project reads its environment, and consoles, logs and crash reports show it.",
  remediation:
    "Give the ARN of a secret and have the program read it by its role; a container can name it under secrets, a build by the type SECRETS_MANAGER.",
  controls: { fsbp: ["CodeBuild.2", "ECS.8"], wellArchitected: ["SEC02"] },
  resources: {
    "aws:lambda/function:Function": (worker: Resource<FunctionArgs>, check) => {
      check.apart(() => {
        for (const [name, value] of worker.at("environment", "variables").entries) judge(name, value, check);
      });
    },
    [TASK]: (task: Resource<TaskDefinitionArgs>, check) => {
      eachContainer(task, check, (container) =>
        check.each(container.at("environment"), (variable) => {
          judge(variable.at("name").value ?? "", variable.at("value"), check);
        }),
      );
    },
    "aws:codebuild/project:Project": (project: Resource<ProjectArgs>, check) => {
      check.each(project.at("environment", "environmentVariables"), (variable) => {
        // Of the other types, the value says where the secret is.
        if ((variable.at("type").value ?? "PLAINTEXT") === "PLAINTEXT")
          judge(variable.at("name").value ?? "", variable.at("value"), check);
      });
    },
  },
});

function judge(name: string, value: Property<unknown>, { apart, fail }: Check<unknown>): void {
  apart(() => {
    const text = value.value;
    const found = typeof text === "string" ? secretIn(`${name}=${text}`) : undefined;
    if (found !== undefined) fail(value, `${name} holds what looks like ${found}`, "it must hold no secret");
  });
}

import type { TaskDefinitionArgs } from "@pulumi/aws/ecs/taskDefinition.js";
import type { Check } from "../framework/check.ts";
import { Property } from "../framework/property.ts";
import type { Resource } from "../framework/resource.ts";

/** What rules read of a container of an ECS task (Amazon ECS API reference, `ContainerDefinition`). */
export interface Container {
  readonly name?: string;
  readonly environment?: readonly { readonly name?: string; readonly value?: string }[];
  readonly logConfiguration?: { readonly logDriver?: string };
  readonly privileged?: boolean;
  readonly readonlyRootFilesystem?: boolean;
  readonly user?: string;
}

export const TASK = "aws:ecs/taskDefinition:TaskDefinition";

/** Judges the containers of a task one by one. The task holds them as JSON text; text that is none is a violation. */
export function eachContainer<Config>(
  task: Resource<TaskDefinitionArgs>,
  { apart, each, fail }: Check<Config>,
  judge: (container: Property<Container>) => void,
): void {
  const definitions = task.at("containerDefinitions");
  apart(() => {
    const list = listIn(definitions.value);
    if (list === undefined)
      fail(definitions, `${definitions.path} is no JSON list`, "it must describe the containers of the task");
    else
      each(new Property<readonly Container[]>(list, definitions.path, { secret: definitions.isSecret }), (container) =>
        judge(container),
      );
  });
}

function listIn(text: string | undefined): readonly unknown[] | undefined {
  try {
    const list: unknown = JSON.parse(text ?? "");
    return Array.isArray(list) ? list : undefined;
  } catch {
    return undefined;
  }
}

import type { Container } from "../../../policies/shared/containers.ts";
import type { FixtureResource } from "./cases.ts";

export const TASK = "aws:ecs/taskDefinition:TaskDefinition";

/** A task with these containers, as its JSON text. */
export function task(...containers: readonly Container[]): FixtureResource {
  return [TASK, { containerDefinitions: JSON.stringify(containers) }];
}

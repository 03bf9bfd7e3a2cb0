import type { ResourceDefinition } from "../../core/definition.ts";
import { policy } from "./policy.ts";
import { target } from "./target.ts";

/** Application Auto Scaling: the readers of Aurora clusters. */
export const appautoscalingDefinitions: readonly ResourceDefinition[] = [target, policy];

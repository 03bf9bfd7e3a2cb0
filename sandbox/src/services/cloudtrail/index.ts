import type { ResourceDefinition } from "../../core/definition.ts";
import { trail } from "./trail.ts";

/** AWS CloudTrail. */
export const cloudtrailDefinitions: readonly ResourceDefinition[] = [trail];

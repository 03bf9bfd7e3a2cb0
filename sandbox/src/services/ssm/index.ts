import type { ResourceDefinition } from "../../core/definition.ts";
import { association } from "./association.ts";
import { parameter } from "./parameter.ts";

/** What Systems Manager serves. */
export const ssmDefinitions: readonly ResourceDefinition[] = [association, parameter];

import type { ResourceDefinition } from "../../core/definition.ts";
import { parameter } from "./parameter.ts";

/** What Systems Manager serves. */
export const ssmDefinitions: readonly ResourceDefinition[] = [parameter];

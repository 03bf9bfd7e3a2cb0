import type { ResourceDefinition } from "../../core/definition.ts";
import { budget } from "./budget.ts";

/** AWS Budgets. */
export const budgetsDefinitions: readonly ResourceDefinition[] = [budget];

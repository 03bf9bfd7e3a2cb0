import type { ResourceDefinition } from "../../core/definition.ts";
import { healthCheck } from "./health-check.ts";
import { record } from "./record.ts";
import { zone } from "./zone.ts";

/** Route 53: zones, records, and the checks of what they lead to. */
export const route53Definitions: readonly ResourceDefinition[] = [zone, record, healthCheck];

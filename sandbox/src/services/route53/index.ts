import type { ResourceDefinition } from "../../core/definition.ts";
import { record } from "./record.ts";
import { zone } from "./zone.ts";

/** Route 53. */
export const route53Definitions: readonly ResourceDefinition[] = [zone, record];

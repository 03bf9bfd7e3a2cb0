import type { ResourceDefinition } from "../../core/definition.ts";
import { detector } from "./detector.ts";

/** Amazon GuardDuty. */
export const guarddutyDefinitions: readonly ResourceDefinition[] = [detector];

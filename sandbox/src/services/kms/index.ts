import type { ResourceDefinition } from "../../core/definition.ts";
import { alias } from "./alias.ts";
import { key } from "./key.ts";

/** What the Key Management Service serves. */
export const kmsDefinitions: readonly ResourceDefinition[] = [key, alias];

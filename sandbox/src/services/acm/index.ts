import type { ResourceDefinition } from "../../core/definition.ts";
import { certificateValidation } from "./certificate-validation.ts";
import { certificate } from "./certificate.ts";

/** AWS Certificate Manager. */
export const acmDefinitions: readonly ResourceDefinition[] = [certificate, certificateValidation];

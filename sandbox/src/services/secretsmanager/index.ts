import type { ResourceDefinition } from "../../core/definition.ts";
import { secretPolicy } from "./secret-policy.ts";
import { secretVersion } from "./secret-version.ts";
import { secret } from "./secret.ts";

/** What Secrets Manager serves. */
export const secretsmanagerDefinitions: readonly ResourceDefinition[] = [secret, secretVersion, secretPolicy];

import type { ResourceDefinition } from "../../core/definition.ts";
import { randomBytes } from "./bytes.ts";
import { randomId } from "./id.ts";
import { randomInteger } from "./integer.ts";
import { randomPassword } from "./password.ts";
import { randomPet } from "./pet.ts";
import { randomString } from "./string.ts";
import { randomUuid } from "./uuid.ts";

/** The `random` provider. */
export const randomDefinitions: ResourceDefinition[] = [
  randomPassword,
  randomString,
  randomId,
  randomPet,
  randomUuid,
  randomInteger,
  randomBytes,
];

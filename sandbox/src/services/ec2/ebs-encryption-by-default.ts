import type { ResourceDefinition } from "../../core/definition.ts";
import { derived } from "../../core/ids.ts";
import { ENCRYPTION_BY_DEFAULT } from "./region-settings.ts";

/** Encrypts every new volume of the region. Deleting it turns that off. */
export const ebsEncryptionByDefault: ResourceDefinition = {
  type: ENCRYPTION_BY_DEFAULT,
  replaceOn: [],
  defaults: { enabled: true },
  create: ({ urn, cloud }) => ({ id: `terraform-${derived(26, urn, String(cloud.now()))}` }),
};

import type { Props } from "../../core/values.ts";
import type { World } from "../../core/world.ts";

export const ENCRYPTION_BY_DEFAULT = "aws:ebs/encryptionByDefault:EncryptionByDefault";
export const METADATA_DEFAULTS = "aws:ec2/instanceMetadataDefaults:InstanceMetadataDefaults";

/** The options of an instance's metadata that a region may have a preference for. */
const METADATA_OPTIONS = ["httpEndpoint", "httpPutResponseHopLimit", "httpTokens", "instanceMetadataTags"];

/** Whether every new volume of the region is encrypted, also where nobody asks for it. */
export function encryptsByDefault(world: World, region: string): boolean {
  return world.all(ENCRYPTION_BY_DEFAULT).some((row) => row.region === region && row.outputs["enabled"] === true);
}

/** What new instances of the region are given as metadata options where neither they nor their template say. */
export function metadataDefaults(world: World, region: string): Props {
  const preferences = world.get(METADATA_DEFAULTS, region, region)?.outputs ?? {};
  const wanted = METADATA_OPTIONS.map((name) => [name, preferences[name]] as const);
  return Object.fromEntries(wanted.filter(([, value]) => ![undefined, null, "no-preference", -1].includes(value as string)));
}

import { randomUUID } from "node:crypto";
import type { Cloud } from "../../core/cloud.ts";
import { CloudError, type Resource } from "../../core/definition.ts";
import type { Space } from "../../core/world.ts";
import { text } from "../../core/values.ts";

/** Bytes of one value (Secrets Manager User Guide, "Secrets Manager quotas"). */
export const LARGEST_VALUE = 65_536;
export const SECRET = "aws:secretsmanager/secret:Secret";

/** One version of a secret's value. `binary` is base64. */
// A type, not an interface: only a type alias may stand where the world's JSON values are asked for.
export type StoredVersion = {
  id: string;
  string?: string;
  binary?: string;
  stages: string[];
  /** Milliseconds since the epoch. */
  created: number;
};

/** The versions of one secret, newest first. */
export function versionsOf(cloud: Cloud, arn: string): StoredVersion[] {
  return space(cloud).get(arn) ?? [];
}

/**
 * Adds a version and moves the staging labels as Secrets Manager does: AWSCURRENT goes to the new version and AWSPREVIOUS to the one that had it.
 * A version that exists with the same content is left as it is; with other content it is a ResourceExistsException.
 */
export function putVersion(
  cloud: Cloud,
  arn: string,
  value: { readonly string?: string; readonly binary?: string },
  options: { readonly id?: string; readonly stages?: readonly string[] } = {},
): StoredVersion {
  const size = Buffer.byteLength(value.string ?? Buffer.from(value.binary ?? "", "base64"));
  if (size > LARGEST_VALUE) {
    const reason = `Member must have length less than or equal to ${LARGEST_VALUE}`;
    throw new CloudError(
      "ValidationException",
      `1 validation error detected: the secret value failed to satisfy constraint: ${reason}`,
    );
  }
  const stages = [...(options.stages ?? ["AWSCURRENT"])];
  const versions = versionsOf(cloud, arn);
  const id = options.id ?? randomUUID();
  const same = versions.find((version) => version.id === id);
  if (same !== undefined) {
    if (same.string === value.string && same.binary === value.binary) return same;
    throw new CloudError(
      "ResourceExistsException",
      `You can't use ClientRequestToken ${id} because that value is already in use for a version of secret ${arn}.`,
    );
  }
  const version: StoredVersion = { id, ...value, stages, created: cloud.now() };
  space(cloud).set(arn, [version, ...versions.map((old) => relabelled(old, stages))].filter(isLabelled));
  return version;
}

/** Moves one staging label to a version, and away from the one that had it. */
export function moveStage(cloud: Cloud, arn: string, stage: string, to: string | undefined): void {
  const moved = versionsOf(cloud, arn).map((version) => {
    const others = version.stages.filter((label) => label !== stage);
    if (version.id === to) return { ...version, stages: [...others, stage] };
    const gaveUpCurrent = stage === "AWSCURRENT" && to !== undefined && version.stages.includes(stage);
    return { ...version, stages: gaveUpCurrent ? [...others.filter((label) => label !== "AWSPREVIOUS"), "AWSPREVIOUS"] : others };
  });
  space(cloud).set(arn, moved);
}

/** Every value that is kept, old versions too: for those who must keep them out of sight. */
export function secretValues(cloud: Cloud): string[] {
  return space(cloud)
    .entries()
    .flatMap(([, versions]) => versions)
    .flatMap(({ string, binary }) => [string, binary].filter((value) => value !== undefined));
}

/** Forgets all versions. */
export function dropVersions(cloud: Cloud, arn: string): void {
  space(cloud).delete(arn);
}

/** The secret with that ARN, partial ARN (without the six random characters) or name; `ResourceNotFoundException` if there is none. */
export function requireSecret(cloud: Cloud, arnOrName: string, region?: string): Resource {
  const found = cloud.world
    .all(SECRET)
    .find(
      (row) =>
        row.id === arnOrName ||
        row.id.slice(0, -7) === arnOrName ||
        (text(row.outputs, "name") === arnOrName && (region === undefined || row.region === region)),
    );
  if (found !== undefined) return found;
  throw new CloudError("ResourceNotFoundException", "Secrets Manager can't find the specified secret.");
}

/** Throws if the secret belongs to a service, such as the password of a database: only that service writes it. */
export function requireWritable(secret: Resource): void {
  const owner = text(secret.outputs, "owningService");
  if (owner === "") return;
  throw new CloudError("InvalidRequestException", `You can't update the secret value: it is managed by ${owner}.`);
}

/** The version that has the label or id; `ResourceNotFoundException` as the service words it if there is none. */
export function requireVersion(
  cloud: Cloud,
  arn: string,
  wanted: { readonly id?: string; readonly stage?: string },
): StoredVersion {
  const stage = wanted.stage ?? (wanted.id === undefined ? "AWSCURRENT" : undefined);
  const found = versionsOf(cloud, arn).find(
    (version) => (wanted.id === undefined || version.id === wanted.id) && (stage === undefined || version.stages.includes(stage)),
  );
  if (found !== undefined) return found;
  const label = stage === undefined ? `VersionId: ${String(wanted.id)}` : `staging label: ${stage}`;
  throw new CloudError("ResourceNotFoundException", `Secrets Manager can't find the specified secret value for ${label}`);
}

function relabelled(version: StoredVersion, taken: readonly string[]): StoredVersion {
  const becomesPrevious = taken.includes("AWSCURRENT") && version.stages.includes("AWSCURRENT");
  const lost = becomesPrevious || taken.includes("AWSCURRENT") ? [...taken, "AWSPREVIOUS"] : taken;
  const kept = version.stages.filter((label) => !lost.includes(label));
  return { ...version, stages: becomesPrevious ? [...kept, "AWSPREVIOUS"] : kept };
}

/** Secrets Manager keeps deprecated versions for a while without promising how long; the sandbox keeps the labelled ones. */
function isLabelled(version: StoredVersion): boolean {
  return version.stages.length > 0;
}

function space(cloud: Cloud): Space<StoredVersion[]> {
  return cloud.world.space<StoredVersion[]>("secretsmanager");
}

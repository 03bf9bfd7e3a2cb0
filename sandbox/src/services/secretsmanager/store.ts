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

/** What a label may be, and how many one version may have (Secrets Manager User Guide, "Secrets Manager quotas"). */
const LONGEST_LABEL = 256;
const MOST_LABELS = 20;

/** The versions of one secret, newest first. */
export function versionsOf(cloud: Cloud, arn: string): StoredVersion[] {
  return space(cloud).get(arn) ?? [];
}

/**
 * Adds a version and moves the staging labels as Secrets Manager does: AWSCURRENT goes to the new version and AWSPREVIOUS to the one that had it.
 * The first version of a secret gets AWSCURRENT whatever is asked. A version that exists with the same content is left as it is; with other
 * content it is a ResourceExistsException.
 */
export function putVersion(
  cloud: Cloud,
  arn: string,
  value: { readonly string?: string; readonly binary?: string },
  options: { readonly id?: string; readonly stages?: readonly string[] } = {},
): StoredVersion {
  const size = Buffer.byteLength(value.string ?? Buffer.from(value.binary ?? "", "base64"));
  if (size > LARGEST_VALUE) throw invalid("the secret value", `Member must have length less than or equal to ${LARGEST_VALUE}`);
  checkLabels(options.stages ?? []);
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
  const first = versions.length === 0 ? ["AWSCURRENT"] : [];
  const stages = [...new Set([...first, ...(options.stages ?? ["AWSCURRENT"])])];
  const version: StoredVersion = { id, ...value, stages: [], created: cloud.now() };
  const labelled = stages.reduce((all, stage) => moved(all, stage, id), [version, ...versions]);
  space(cloud).set(arn, labelled.filter(isLabelled));
  return labelled[0] ?? version;
}

/** Moves one staging label to a version, or to none, and away from the one that had it. */
export function moveStage(cloud: Cloud, arn: string, stage: string, to: string | undefined): void {
  checkLabels([stage]);
  space(cloud).set(arn, moved(versionsOf(cloud, arn), stage, to));
}

/** The versions with one label at another version: the one that gives AWSCURRENT away is from then on AWSPREVIOUS, and no other is. */
function moved(versions: readonly StoredVersion[], stage: string, to: string | undefined): StoredVersion[] {
  const from = versions.find(({ stages }) => stages.includes(stage))?.id;
  if (from === to) return [...versions];
  const takes = (version: StoredVersion, label: string, holder: string | undefined): StoredVersion => {
    const others = version.stages.filter((other) => other !== label);
    return { ...version, stages: version.id === holder ? [...others, label] : others };
  };
  const placed = versions.map((version) => takes(version, stage, to));
  if (stage !== "AWSCURRENT" || from === undefined) return placed;
  return placed.map((version) => takes(version, "AWSPREVIOUS", from));
}

function checkLabels(labels: readonly string[]): void {
  if (labels.length > MOST_LABELS)
    throw invalid("'versionStages'", `Member must have length less than or equal to ${MOST_LABELS}`);
  const wrong = labels.find((label) => label === "" || label.length > LONGEST_LABEL);
  if (wrong !== undefined) throw invalid("'versionStage'", `Member must have length between 1 and ${LONGEST_LABEL}`);
}

function invalid(what: string, constraint: string): CloudError {
  return new CloudError(
    "ValidationException",
    `1 validation error detected: Value at ${what} failed to satisfy constraint: ${constraint}`,
  );
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
  const found = cloud.world.all(SECRET).find((row) => isNamed(row, arnOrName) && (region === undefined || row.region === region));
  if (found !== undefined) return found;
  throw new CloudError("ResourceNotFoundException", "Secrets Manager can't find the specified secret.");
}

/** Whether a secret goes by that ARN, partial ARN or name. */
export function isNamed({ id, outputs }: Pick<Resource, "id" | "outputs">, arnOrName: string): boolean {
  return [id, id.slice(0, -7), text(outputs, "name")].includes(arnOrName);
}

/** Throws if the secret belongs to a service, such as the password of a database: only that service changes or deletes it. */
export function requireUnmanaged(secret: Resource): void {
  const owner = text(secret.outputs, "owningService");
  if (owner === "") return;
  throw new CloudError(
    "InvalidRequestException",
    `The secret is managed by another service (${owner}), and you must use that service to update it.`,
  );
}

/** The version that has the label or id; `ResourceNotFoundException` as the service words it if there is none. */
export function requireVersion(
  cloud: Cloud,
  arn: string,
  wanted: { readonly id?: string; readonly stage?: string },
): StoredVersion {
  const stage = wanted.stage ?? (wanted.id === undefined ? "AWSCURRENT" : undefined);
  const named = versionsOf(cloud, arn).filter((version) => wanted.id === undefined || version.id === wanted.id);
  const found = named.find((version) => stage === undefined || version.stages.includes(stage));
  if (found !== undefined) return found;
  if (wanted.id !== undefined && named.length > 0) {
    throw new CloudError(
      "InvalidRequestException",
      "You provided a VersionStage that is not associated to the provided VersionId.",
    );
  }
  const label = stage === undefined ? `VersionId: ${String(wanted.id)}` : `staging label: ${stage}`;
  throw new CloudError("ResourceNotFoundException", `Secrets Manager can't find the specified secret value for ${label}`);
}

/** Secrets Manager keeps deprecated versions for a while without promising how long; the sandbox keeps the labelled ones. */
function isLabelled(version: StoredVersion): boolean {
  return version.stages.length > 0;
}

function space(cloud: Cloud): Space<StoredVersion[]> {
  return cloud.world.space<StoredVersion[]>("secretsmanager");
}

import { randomBytes } from "node:crypto";
import type { Cloud } from "../../core/cloud.ts";
import { CloudError } from "../../core/definition.ts";
import type { Space } from "../../core/world.ts";
import { claimBlobs, sweepBlobs, type Blob } from "./blobs.ts";
import { BUCKET, versioningOf } from "./buckets.ts";
import { notImplemented, unquoted } from "./call.ts";

/** One version of an object, or the marker of its deletion. */
export type ObjectVersion = {
  /** `null` where the bucket had no versioning when it was written. */
  versionId: string;
  /** Milliseconds since the epoch. */
  modified: number;
  deleteMarker: boolean;
  size: number;
  /** Without quotes. */
  etag: string;
  blobs: Blob[];
  /** What the reader gets back as it was given: content-type, cache-control, x-amz-meta-*, x-amz-checksum-*, ... */
  headers: Record<string, string>;
  /** Object lock: not to be deleted before; 0 for none. */
  retainUntil: number;
  governance: boolean;
};

/** A version before it is stored, which gives it its id and date. */
export type NewVersion = Omit<ObjectVersion, "versionId" | "modified" | "deleteMarker">;

/** A multipart upload that is not complete. */
export type Upload = {
  key: string;
  started: number;
  headers: Record<string, string>;
  /** The checksum that the parts and the whole object carry, as it was asked for at the start; absent for none. */
  checksum?: { algorithm: string; type: "COMPOSITE" | "FULL_OBJECT" };
  parts: Record<string, Part>;
};

/** One uploaded part. */
export type Part = {
  etag: string;
  size: number;
  blob: Blob;
  /** Milliseconds since the epoch. */
  modified: number;
  /** Base64, of the upload's algorithm. */
  checksum?: string;
};

/** What a conditional write asks for. */
export interface WriteCondition {
  /** An ETag the object must have, or `*`. */
  readonly match?: string | undefined;
  /** `*`: the object must not be there. */
  readonly noneMatch?: string | undefined;
}

/** All versions of a key, newest first. */
export function versionsOfObject(cloud: Cloud, bucket: string, key: string): ObjectVersion[] {
  return space(cloud, bucket).get(key) ?? [];
}

/** The objects under a prefix, in the order of S3: key by key in UTF-8 order, each with its versions, newest first. */
export function listObjects(cloud: Cloud, bucket: string, prefix = ""): [key: string, versions: ObjectVersion[]][] {
  return space(cloud, bucket).entries(prefix);
}

/** The newest version that is not deleted. */
export function currentVersion(cloud: Cloud, bucket: string, key: string): ObjectVersion | undefined {
  const [newest] = versionsOfObject(cloud, bucket, key);
  return newest === undefined || newest.deleteMarker ? undefined : newest;
}

/**
 * Stores a version under its key, if the condition holds at that very moment. Returns it, and the blobs that nothing names any more.
 * An upload that it completes is forgotten in the same change: its blobs have one owner at any time.
 */
export function storeObject(
  cloud: Cloud,
  bucket: string,
  key: string,
  version: NewVersion,
  condition: WriteCondition = {},
  uploadId?: string,
): { readonly version: ObjectVersion; readonly unused: string[] } {
  return cloud.world.change(() => {
    checkCondition(currentVersion(cloud, bucket, key), condition);
    const stored = { ...version, versionId: nextVersionId(cloud, bucket), modified: cloud.now(), deleteMarker: false };
    const unused = prepend(cloud, bucket, key, stored);
    if (uploadId !== undefined) uploads(cloud, bucket).delete(uploadId);
    claimBlobs(version.blobs);
    return { version: stored, unused };
  });
}

/** How a deletion is asked for. */
export interface DeleteOptions {
  /** Whether a retention in governance mode is set aside. @default false */
  readonly bypassGovernance?: boolean;
  /** @default - none */
  readonly condition?: WriteCondition;
}

/** Deletes as S3 does: without a version a versioned bucket gets a delete marker; with one, that version goes for good. */
export function deleteObject(
  cloud: Cloud,
  bucket: string,
  key: string,
  versionId: string | undefined,
  { bypassGovernance = false, condition = {} }: DeleteOptions = {},
): { readonly versionId?: string; readonly marker: boolean; readonly unused: string[] } {
  return cloud.world.change(() => {
    const versions = versionsOfObject(cloud, bucket, key);
    checkCondition(currentVersion(cloud, bucket, key), condition);
    if (versionId !== undefined) {
      const gone = versions.find((version) => version.versionId === versionId);
      if (gone === undefined) return { versionId, marker: false, unused: [] };
      checkRetention(cloud, gone, bypassGovernance);
      save(
        cloud,
        bucket,
        key,
        versions.filter((version) => version !== gone),
      );
      return { versionId, marker: gone.deleteMarker, unused: gone.blobs.map(({ id }) => id) };
    }
    if (versioningOf(cloud, bucket) === "Disabled") {
      save(cloud, bucket, key, []);
      return { marker: false, unused: versions.flatMap(({ blobs }) => blobs.map(({ id }) => id)) };
    }
    const marker = {
      versionId: nextVersionId(cloud, bucket),
      modified: cloud.now(),
      deleteMarker: true,
      size: 0,
      etag: "",
      blobs: [],
      headers: {},
      retainUntil: 0,
      governance: false,
    };
    return { versionId: marker.versionId, marker: true, unused: prepend(cloud, bucket, key, marker) };
  });
}

/** Whether anything, a delete marker too, is in the bucket. */
export function holdsAnything(cloud: Cloud, bucket: string): boolean {
  return listObjects(cloud, bucket).length > 0;
}

/** Forgets everything in a bucket; the blobs go with the next {@link sweepObjects}. */
export function emptyBucket(cloud: Cloud, bucket: string): void {
  for (const [key] of listObjects(cloud, bucket)) space(cloud, bucket).delete(key);
  for (const [id] of uploads(cloud, bucket).entries()) uploads(cloud, bucket).delete(id);
}

/** The uploads in progress of a bucket, by upload id. */
export function uploads(cloud: Cloud, bucket: string): Space<Upload> {
  return cloud.world.space<Upload>(`s3-upload/${bucket}`);
}

/** Deletes the files that no object names any more. The daemon calls it once at its start. */
export async function sweepObjects(cloud: Cloud): Promise<number> {
  const named = new Set<string>();
  for (const { id: bucket } of cloud.world.all(BUCKET)) {
    for (const [, versions] of listObjects(cloud, bucket))
      for (const { blobs } of versions) for (const { id } of blobs) named.add(id);
    for (const [, upload] of uploads(cloud, bucket).entries())
      for (const part of Object.values(upload.parts)) named.add(part.blob.id);
  }
  return sweepBlobs(cloud.home, named);
}

function prepend(cloud: Cloud, bucket: string, key: string, version: ObjectVersion): string[] {
  const versions = versionsOfObject(cloud, bucket, key);
  // A version "null" takes the place of the one before it: a bucket has at most one of each key.
  const replaced = versions.filter((old) => old.versionId === version.versionId);
  for (const old of replaced) checkRetention(cloud, old, false);
  save(cloud, bucket, key, [version, ...versions.filter((old) => !replaced.includes(old))]);
  return replaced.flatMap(({ blobs }) => blobs.map(({ id }) => id));
}

function save(cloud: Cloud, bucket: string, key: string, versions: ObjectVersion[]): void {
  if (versions.length === 0) space(cloud, bucket).delete(key);
  else space(cloud, bucket).set(key, versions);
}

function nextVersionId(cloud: Cloud, bucket: string): string {
  return versioningOf(cloud, bucket) === "Enabled" ? randomBytes(24).toString("base64url") : "null";
}

function checkCondition(current: ObjectVersion | undefined, { match, noneMatch }: WriteCondition): void {
  const failed = new CloudError("PreconditionFailed", "At least one of the pre-conditions you specified did not hold", 412);
  if (noneMatch !== undefined && noneMatch !== "*") throw notImplemented("If-None-Match with an ETag on writes; it takes *");
  if (noneMatch === "*" && current !== undefined) throw failed;
  if (match === undefined) return;
  if (current === undefined) throw new CloudError("NoSuchKey", "The specified key does not exist.", 404);
  if (match !== "*" && unquoted(match) !== current.etag) throw failed;
}

/** Whether a version's retention keeps it from being deleted now; `bypassGovernance` sets the mode aside that may be. */
export function isLocked(cloud: Cloud, version: ObjectVersion, bypassGovernance: boolean): boolean {
  return version.retainUntil > cloud.now() && !(version.governance && bypassGovernance);
}

function checkRetention(cloud: Cloud, version: ObjectVersion, bypassGovernance: boolean): void {
  if (isLocked(cloud, version, bypassGovernance))
    throw new CloudError("AccessDenied", "Access Denied because object protected by object lock.", 403);
}

function space(cloud: Cloud, bucket: string): Space<ObjectVersion[]> {
  return cloud.world.space<ObjectVersion[]>(`s3/${bucket}`);
}

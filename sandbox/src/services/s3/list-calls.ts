import type { XmlValue } from "../../api/xml.ts";
import { CloudError } from "../../core/definition.ts";
import { requireBucket } from "./buckets.ts";
import { answerXml, demandBucket, type S3Target } from "./call.ts";
import { listObjects, type ObjectVersion } from "./objects.ts";
import { encoderOf, limitOf, pageOf, type Entry, type Page } from "./paging.ts";

interface VersionEntry extends Entry {
  readonly version: ObjectVersion;
  readonly latest: boolean;
}

/** ListObjectsV2. */
export function listObjectsV2(call: S3Target): void {
  demandListing(call, "ListBucket");
  const token = call.query.get("continuation-token");
  const after = token === null ? (call.query.get("start-after") ?? "") : keyOfToken(token);
  const page = pageOf(call, currentObjects(call), { key: after }, limitOf(call, "max-keys"));
  const shown = encoderOf(call);
  answerXml(call, "ListBucketResult", {
    ...listed(call, page, call.query.get("fetch-owner") === "true"),
    StartAfter: optional(call.query.get("start-after"), shown),
    ContinuationToken: token ?? undefined,
    NextContinuationToken: page.next === undefined ? undefined : tokenOf(page.next.key),
    KeyCount: page.items.length + page.prefixes.length,
  });
}

/** ListObjects, the older form: pages by key, and names the next one only where a delimiter makes it hard to tell. */
export function listObjectsV1(call: S3Target): void {
  demandListing(call, "ListBucket");
  const marker = call.query.get("marker") ?? "";
  const page = pageOf(call, currentObjects(call), { key: marker }, limitOf(call, "max-keys"));
  const shown = encoderOf(call);
  answerXml(call, "ListBucketResult", {
    ...listed(call, page, true),
    Marker: shown(marker),
    NextMarker: call.query.has("delimiter") ? optional(page.next?.key ?? null, shown) : undefined,
  });
}

/** ListObjectVersions: every version and delete marker, key by key, newest first. */
export function listObjectVersions(call: S3Target): void {
  demandListing(call, "ListBucketVersions");
  const [key, id] = [call.query.get("key-marker") ?? "", call.query.get("version-id-marker") ?? undefined];
  if (id !== undefined && key === "")
    throw new CloudError("InvalidArgument", "A version-id marker cannot be specified without a key marker.");
  const page = pageOf(call, allVersions(call), { key, id }, limitOf(call, "max-keys"));
  const shown = encoderOf(call);
  const entries = (markers: boolean): XmlValue[] =>
    page.items
      .filter(({ version }) => version.deleteMarker === markers)
      .map((entry) => ({
        Key: shown(entry.key),
        VersionId: entry.id,
        IsLatest: entry.latest,
        Owner: owner(call),
        ...(markers ? { LastModified: new Date(entry.version.modified) } : summary(entry.version)),
      }));
  answerXml(call, "ListVersionsResult", {
    ...common(call, page),
    KeyMarker: shown(key),
    VersionIdMarker: id ?? "",
    NextKeyMarker: optional(page.next?.key ?? null, shown),
    NextVersionIdMarker: page.next?.id,
    Version: entries(false),
    DeleteMarker: entries(true),
  });
}

function demandListing(call: S3Target, action: string): void {
  demandBucket(call, action, {
    "s3:prefix": call.query.get("prefix") ?? "",
    "s3:delimiter": call.query.get("delimiter") ?? "",
    "s3:max-keys": call.query.get("max-keys") ?? "1000",
  });
  requireBucket(call.cloud, call.bucket);
}

function currentObjects(call: S3Target): VersionEntry[] {
  return allVersions(call).filter(({ latest, version }) => latest && !version.deleteMarker);
}

function allVersions(call: S3Target): VersionEntry[] {
  return listObjects(call.cloud, call.bucket, call.query.get("prefix") ?? "").flatMap(([key, versions]) =>
    versions.map((version, index) => ({ key, id: version.versionId, version, latest: index === 0 })),
  );
}

function listed(call: S3Target, page: Page<VersionEntry>, withOwner: boolean): { readonly [name: string]: XmlValue } {
  const shown = encoderOf(call);
  return {
    ...common(call, page),
    Contents: page.items.map(({ key, version }) => ({
      Key: shown(key),
      ...summary(version),
      Owner: withOwner ? owner(call) : undefined,
    })),
  };
}

function common(call: S3Target, page: Page<Entry>): { readonly [name: string]: XmlValue } {
  const shown = encoderOf(call);
  return {
    Name: call.bucket,
    Prefix: shown(call.query.get("prefix") ?? ""),
    Delimiter: optional(call.query.get("delimiter"), shown),
    EncodingType: call.query.get("encoding-type") ?? undefined,
    MaxKeys: limitOf(call, "max-keys"),
    IsTruncated: page.next !== undefined,
    CommonPrefixes: page.prefixes.map((prefix) => ({ Prefix: shown(prefix) })),
  };
}

function summary(version: ObjectVersion): { readonly [name: string]: XmlValue } {
  return {
    LastModified: new Date(version.modified),
    ETag: `"${version.etag}"`,
    Size: version.size,
    StorageClass: version.headers["x-amz-storage-class"] ?? "STANDARD",
  };
}

/** The sandbox has one account, whose id stands for the canonical user id. */
function owner(call: S3Target): { readonly ID: string } {
  return { ID: call.cloud.account };
}

/** A token is opaque to clients: version 1 is the key after which the page begins. */
function tokenOf(key: string): string {
  return Buffer.from(`1:${key}`).toString("base64url");
}

function keyOfToken(token: string): string {
  const [, key] = /^1:(.+)$/s.exec(Buffer.from(token, "base64url").toString()) ?? [];
  if (key === undefined) throw new CloudError("InvalidArgument", "The continuation token provided is incorrect");
  return key;
}

function optional(value: string | null, shown: (text: string) => string): string | undefined {
  return value === null ? undefined : shown(value);
}

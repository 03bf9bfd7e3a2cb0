import { CloudError } from "../../core/definition.ts";
import { requireBucket } from "./buckets.ts";
import { answerXml, demandBucket, type S3Target } from "./call.ts";
import { listObjects, type ObjectVersion } from "./objects.ts";

interface Page<T> {
  readonly items: T[];
  readonly prefixes: string[];
  /** The key or common prefix after which the next page begins; undefined on the last. */
  readonly next: string | undefined;
}

/** ListObjectsV2. */
export function listObjectsV2(call: S3Target): void {
  demandListing(call, "ListBucket");
  const token = call.query.get("continuation-token");
  const after = token === null ? (call.query.get("start-after") ?? "") : Buffer.from(token, "base64url").toString();
  const current = objectsOf(call).flatMap(([key, versions]) =>
    versions[0] === undefined || versions[0].deleteMarker ? [] : [[key, versions[0]] as const],
  );
  const page = paged(call, current, ([key]) => key, after);
  const shown = encoder(call);
  answerXml(call, "ListBucketResult", {
    Name: call.bucket,
    Prefix: shown(call.query.get("prefix") ?? ""),
    Delimiter: optional(call.query.get("delimiter"), shown),
    StartAfter: optional(call.query.get("start-after"), shown),
    ContinuationToken: token ?? undefined,
    NextContinuationToken: page.next === undefined ? undefined : Buffer.from(page.next).toString("base64url"),
    EncodingType: call.query.get("encoding-type") ?? undefined,
    KeyCount: page.items.length + page.prefixes.length,
    MaxKeys: maxKeys(call),
    IsTruncated: page.next !== undefined,
    Contents: page.items.map(([key, version]) => ({ Key: shown(key), ...summary(version) })),
    CommonPrefixes: page.prefixes.map((prefix) => ({ Prefix: shown(prefix) })),
  });
}

/** ListObjectVersions; pages end between keys, so all versions of a key stand in one page. */
export function listObjectVersions(call: S3Target): void {
  demandListing(call, "ListBucketVersions");
  const page = paged(call, objectsOf(call), ([key]) => key, call.query.get("key-marker") ?? "");
  const shown = encoder(call);
  const all = page.items.flatMap(([key, versions]) =>
    versions.map((version, index) => {
      const entry = {
        Key: shown(key),
        VersionId: version.versionId,
        IsLatest: index === 0,
        LastModified: new Date(version.modified),
      };
      return version.deleteMarker ? { marker: entry } : { version: { ...entry, ...summary(version) } };
    }),
  );
  answerXml(call, "ListVersionsResult", {
    Name: call.bucket,
    Prefix: shown(call.query.get("prefix") ?? ""),
    KeyMarker: shown(call.query.get("key-marker") ?? ""),
    NextKeyMarker: optional(page.next ?? null, shown),
    MaxKeys: maxKeys(call),
    IsTruncated: page.next !== undefined,
    Version: all.map(({ version }) => version),
    DeleteMarker: all.map(({ marker }) => marker),
    CommonPrefixes: page.prefixes.map((prefix) => ({ Prefix: shown(prefix) })),
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

function objectsOf(call: S3Target): [string, ObjectVersion[]][] {
  return listObjects(call.cloud, call.bucket, call.query.get("prefix") ?? "");
}

/** Cuts a page: what shares a part up to the delimiter counts once, as a common prefix. */
function paged<T>(call: S3Target, all: readonly T[], keyOf: (item: T) => string, after: string): Page<T> {
  const limit = maxKeys(call);
  const prefix = call.query.get("prefix") ?? "";
  const delimiter = call.query.get("delimiter") ?? "";
  const items: T[] = [];
  const prefixes: string[] = [];
  let last = "";
  for (const item of all) {
    const key = keyOf(item);
    const at = delimiter === "" ? -1 : key.indexOf(delimiter, prefix.length);
    const common = at < 0 ? undefined : key.slice(0, at + delimiter.length);
    const name = common ?? key;
    if (after !== "" && Buffer.compare(Buffer.from(name), Buffer.from(after)) <= 0) continue;
    if (common !== undefined && prefixes.at(-1) === common) continue;
    if (items.length + prefixes.length === limit) return { items, prefixes, next: limit === 0 ? undefined : last };
    if (common === undefined) items.push(item);
    else prefixes.push(common);
    last = name;
  }
  return { items, prefixes, next: undefined };
}

function maxKeys(call: S3Target): number {
  const given = Number(call.query.get("max-keys") ?? 1000);
  if (!Number.isInteger(given) || given < 0)
    throw new CloudError("InvalidArgument", "Provided max-keys not an integer or within integer range");
  return Math.min(given, 1000);
}

function summary(version: ObjectVersion): { LastModified: Date; ETag: string; Size: number; StorageClass: string } {
  return { LastModified: new Date(version.modified), ETag: `"${version.etag}"`, Size: version.size, StorageClass: "STANDARD" };
}

function encoder(call: S3Target): (text: string) => string {
  return call.query.get("encoding-type") === "url" ? (text) => encodeURIComponent(text).replace(/%2F/g, "/") : (text) => text;
}

function optional(value: string | null, shown: (text: string) => string): string | undefined {
  return value === null ? undefined : shown(value);
}

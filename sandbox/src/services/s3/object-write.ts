import { answerEmpty, answerXml, demandKey, demandObject, header, type S3Target } from "./call.ts";
import { CloudError } from "../../core/definition.ts";
import { copyBlob, removeBlobs, type Blob } from "./blobs.ts";
import { receiveBody } from "./body.ts";
import { readXml } from "./bucket-calls.ts";
import { encryptionOf, requireBucket, retentionOf } from "./buckets.ts";
import { deleteObject, storeObject, type ObjectVersion, type WriteCondition } from "./objects.ts";
import { readable } from "./object-read.ts";
import { refuseAcl } from "./public-access.ts";

/** What a writer may say about an object and gets back when it is read. */
const KEPT = [
  "content-type",
  "cache-control",
  "content-disposition",
  "content-encoding",
  "content-language",
  "expires",
  "x-amz-website-redirect-location",
];

/** PutObject. */
export async function putObject(call: S3Target): Promise<void> {
  demandObject(call, "PutObject");
  const extra = beginWrite(call);
  const { blob, checksums } = await receiveBody(call);
  const version = {
    ...extra,
    size: blob.size,
    etag: blob.md5,
    blobs: [{ id: blob.id, size: blob.size }],
    headers: { ...extra.headers, ...checksums },
  };
  const stored = await commit(call, version);
  answerEmpty(call, 200, { etag: `"${stored.etag}"`, ...versionHeader(stored), ...encryptionHeaders(stored), ...checksums });
}

/** CopyObject, from any bucket the caller may read. */
export async function copyObject(call: S3Target): Promise<void> {
  demandObject(call, "PutObject");
  const source = sourceOf(call);
  demandObject(source, source.query.has("versionId") ? "GetObjectVersion" : "GetObject");
  const from = readable(source);
  demandKey(source, "Decrypt", from.headers["x-amz-server-side-encryption-aws-kms-key-id"] ?? "");
  const extra = beginWrite(call);
  const replace = header(call, "x-amz-metadata-directive") === "REPLACE";
  if (!replace && source.bucket === call.bucket && source.key === call.key) {
    throw new CloudError(
      "InvalidRequest",
      "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
    );
  }
  const blobs = await Promise.all(from.blobs.map((blob) => copyBlob(call.cloud.home, blob)));
  const kept = replace
    ? {}
    : Object.fromEntries(Object.entries(from.headers).filter(([name]) => !name.startsWith("x-amz-server-side-encryption")));
  const stored = await commit(call, {
    ...extra,
    size: from.size,
    etag: from.etag,
    blobs,
    headers: { ...(replace ? extra.headers : {}), ...kept, ...encryptionOnly(extra.headers) },
  });
  answerXml(
    call,
    "CopyObjectResult",
    { ETag: `"${stored.etag}"`, LastModified: new Date(stored.modified) },
    versionHeader(stored),
  );
}

/** DeleteObject. */
export async function deleteOne(call: S3Target): Promise<void> {
  const versionId = call.query.get("versionId") ?? undefined;
  demandObject(call, versionId === undefined ? "DeleteObject" : "DeleteObjectVersion");
  requireBucket(call.cloud, call.bucket);
  const { marker, versionId: given } = await remove(call, call.key, versionId);
  answerEmpty(call, 204, {
    ...(given === undefined ? {} : { "x-amz-version-id": given }),
    ...(marker ? { "x-amz-delete-marker": "true" } : {}),
  });
}

/** DeleteObjects: up to 1000 keys, each with its own answer. */
export async function deleteMany(call: S3Target): Promise<void> {
  requireBucket(call.cloud, call.bucket);
  const wanted = await readXml(call, "Delete");
  const objects = [wanted["Object"] ?? []].flat() as { Key?: string; VersionId?: string }[];
  if (objects.length === 0 || objects.length > 1000) {
    throw new CloudError(
      "MalformedXML",
      "The XML you provided was not well-formed or did not validate against our published schema",
    );
  }
  const deleted: { Key: string; VersionId: string | undefined; DeleteMarker: boolean | undefined }[] = [];
  const errors: { Key: string; Code: string; Message: string }[] = [];
  for (const { Key: key = "", VersionId: versionId } of objects) {
    try {
      demandObject({ ...call, key }, versionId === undefined ? "DeleteObject" : "DeleteObjectVersion");
      const done = await remove(call, key, versionId);
      deleted.push({ Key: key, VersionId: versionId, DeleteMarker: done.marker ? true : undefined });
    } catch (error) {
      if (!(error instanceof CloudError)) throw error;
      errors.push({ Key: key, Code: error.code, Message: error.message });
    }
  }
  answerXml(call, "DeleteResult", { Deleted: wanted["Quiet"] === "true" ? [] : deleted, Error: errors });
}

/** The parts of a new version that the request's headers and the bucket's configuration decide. Asks about the encryption key. */
export function beginWrite(call: S3Target): Pick<ObjectVersion, "headers" | "retainUntil" | "governance"> {
  requireBucket(call.cloud, call.bucket);
  refuseAcl(call.cloud, call.bucket, header(call, "x-amz-acl"));
  const retention = retentionOf(call.cloud, call.bucket);
  const chosen = encryptionOf(call.cloud, call.bucket);
  const algorithm = header(call, "x-amz-server-side-encryption") ?? chosen.algorithm;
  const keyId = algorithm === "AES256" ? "" : (header(call, "x-amz-server-side-encryption-aws-kms-key-id") ?? chosen.keyId);
  demandKey(call, "GenerateDataKey", keyId);
  const given = Object.entries(call.head.headers).filter(([name]) => KEPT.includes(name) || name.startsWith("x-amz-meta-"));
  const headers: Record<string, string> = {
    "content-type": "application/octet-stream",
    ...Object.fromEntries(given),
    "x-amz-server-side-encryption": algorithm,
  };
  // aws-chunked describes the upload, not the object.
  const encoding = (headers["content-encoding"] ?? "")
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "aws-chunked" && part !== "");
  delete headers["content-encoding"];
  if (encoding.length > 0) headers["content-encoding"] = encoding.join(",");
  if (keyId !== "") headers["x-amz-server-side-encryption-aws-kms-key-id"] = keyId;
  return { headers, retainUntil: retention.until, governance: retention.governance };
}

/** Stores a version whose blobs are written; takes the blobs away again if the condition fails. */
export async function commit(
  call: S3Target,
  version: Omit<ObjectVersion, "versionId" | "modified" | "deleteMarker">,
): Promise<ObjectVersion> {
  try {
    // The bucket may have been deleted while the body came in.
    requireBucket(call.cloud, call.bucket);
    const { version: stored, unused } = storeObject(call.cloud, call.bucket, call.key, version, conditionOf(call));
    await removeBlobs(call.cloud.home, unused);
    return stored;
  } catch (error) {
    await removeBlobs(call.cloud.home, idsOf(version.blobs));
    throw error;
  }
}

/** The response headers that say how a version is encrypted. */
export function encryptionHeaders(version: ObjectVersion): Record<string, string> {
  return encryptionOnly(version.headers);
}

/** The version's id, for buckets that have or had versioning. */
export function versionHeader(version: ObjectVersion): Record<string, string> {
  return version.versionId === "null" ? {} : { "x-amz-version-id": version.versionId };
}

function encryptionOnly(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => name.startsWith("x-amz-server-side-encryption")));
}

async function remove(call: S3Target, key: string, versionId: string | undefined): Promise<ReturnType<typeof deleteObject>> {
  const bypass = header(call, "x-amz-bypass-governance-retention") === "true";
  if (bypass) demandObject({ ...call, key }, "BypassGovernanceRetention");
  const done = deleteObject(call.cloud, call.bucket, key, versionId, bypass);
  await removeBlobs(call.cloud.home, done.unused);
  return done;
}

function conditionOf(call: S3Target): WriteCondition {
  return { match: header(call, "if-match"), noneMatch: header(call, "if-none-match") };
}

function sourceOf(call: S3Target): S3Target {
  const [path = "", query = ""] = (header(call, "x-amz-copy-source") ?? "").replace(/^\//, "").split("?");
  const [bucket = "", ...key] = decodeURIComponent(path).split("/");
  return { ...call, bucket, key: key.join("/"), query: new URLSearchParams(query) };
}

function idsOf(blobs: readonly Blob[]): string[] {
  return blobs.map(({ id }) => id);
}

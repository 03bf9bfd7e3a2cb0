import { CloudError } from "../../core/definition.ts";
import { copyBlob, holdBlobs, removeBlobs, type Blob } from "./blobs.ts";
import { requireBucket } from "./buckets.ts";
import { answerXml, demandKey, demandObject, header, type S3Target } from "./call.ts";
import { keyOf, names, readable } from "./object-read.ts";
import { beginWrite, commit, encryptionHeaders, idsOf, versionHeader, type Described } from "./object-write.ts";
import type { ObjectVersion } from "./objects.ts";

/** What belongs to the bytes, so that a copy keeps it whatever it is told. */
const OF_THE_BYTES = /^x-amz-checksum-/;
/** What belongs to the place where an object is stored, so that a copy has its own. */
const OF_THE_PLACE = /^x-amz-(server-side-encryption|storage-class)/;

/** CopyObject, from any bucket the caller may read. */
export async function copyObject(call: S3Target): Promise<void> {
  demandObject(call, "PutObject");
  const source = sourceOf(call);
  demandObject(source, source.query.has("versionId") ? "GetObjectVersion" : "GetObject");
  const bucket = requireBucket(call.cloud, source.bucket);
  const from = readable(source);
  checkSource(call, from);
  demandKey(source, bucket, "Decrypt", keyOf(from));
  const described = beginWrite(call);
  refuseNoChange(call, source);
  const blobs = await copied(call, from.blobs);
  const stored = await commit(call, {
    ...described,
    size: from.size,
    etag: from.etag,
    blobs,
    headers: headersOf(call, from, described),
  });
  answerXml(
    call,
    "CopyObjectResult",
    { ETag: `"${stored.etag}"`, LastModified: new Date(stored.modified) },
    {
      ...versionHeader(stored),
      ...encryptionHeaders(stored.headers),
      ...(from.versionId === "null" ? {} : { "x-amz-copy-source-version-id": from.versionId }),
    },
  );
}

/** Where a copy comes from: `x-amz-copy-source` is `/bucket/key?versionId=...`, the key percent-encoded. */
export function sourceOf(call: S3Target): S3Target {
  const [path = "", query = ""] = (header(call, "x-amz-copy-source") ?? "").replace(/^\//, "").split("?");
  const [bucket = "", ...key] = decoded(path).split("/");
  if (bucket === "" || key.join("/") === "") throw badSource();
  return { ...call, bucket, key: key.join("/"), query: new URLSearchParams(query) };
}

/** Throws `PreconditionFailed` unless the source is as the caller wants it. */
export function checkSource(call: S3Target, from: ObjectVersion): void {
  const [match, noneMatch] = [header(call, "x-amz-copy-source-if-match"), header(call, "x-amz-copy-source-if-none-match")];
  const unmodified = header(call, "x-amz-copy-source-if-unmodified-since");
  const modified = header(call, "x-amz-copy-source-if-modified-since");
  const seconds = Math.floor(from.modified / 1000) * 1000;
  const holds =
    (match === undefined ? unmodified === undefined || seconds <= Date.parse(unmodified) : names(match, from.etag)) &&
    (noneMatch === undefined ? modified === undefined || seconds > Date.parse(modified) : !names(noneMatch, from.etag));
  if (holds) return;
  throw new CloudError("PreconditionFailed", "At least one of the pre-conditions you specified did not hold", 412);
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    throw badSource();
  }
}

function badSource(): CloudError {
  return new CloudError(
    "InvalidArgument",
    "Copy Source must mention the source bucket and key: sourcebucket/sourcekey, with the key percent-encoded",
  );
}

function refuseNoChange(call: S3Target, source: S3Target): void {
  // An older version over the newest is how a version is brought back.
  const itself = source.bucket === call.bucket && source.key === call.key && !source.query.has("versionId");
  const changes = ["x-amz-server-side-encryption", "x-amz-storage-class", "x-amz-website-redirect-location"].some(
    (name) => header(call, name) !== undefined,
  );
  if (!itself || changes || replaces(call)) return;
  throw new CloudError(
    "InvalidRequest",
    "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
  );
}

async function copied(call: S3Target, blobs: readonly Blob[]): Promise<Blob[]> {
  const { home } = call.cloud;
  const release = holdBlobs(home, blobs);
  const copies: Blob[] = [];
  try {
    for (const blob of blobs) copies.push(await copyBlob(home, blob));
    return copies;
  } catch (error) {
    await removeBlobs(home, idsOf(copies));
    throw error;
  } finally {
    await release();
  }
}

function headersOf(call: S3Target, from: ObjectVersion, { headers }: Described): Record<string, string> {
  const theirs = Object.entries(from.headers);
  if (replaces(call)) return { ...headers, ...Object.fromEntries(theirs.filter(([name]) => OF_THE_BYTES.test(name))) };
  const kept = theirs.filter(([name]) => !OF_THE_PLACE.test(name));
  return {
    ...Object.fromEntries(kept),
    ...Object.fromEntries(Object.entries(headers).filter(([name]) => OF_THE_PLACE.test(name))),
  };
}

function replaces(call: S3Target): boolean {
  return header(call, "x-amz-metadata-directive") === "REPLACE";
}

import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { CloudError } from "../../core/definition.ts";
import { holdBlobs, readBlob, type Blob } from "./blobs.ts";
import { type Encryption, requireBucket } from "./buckets.ts";
import { answerEmpty, BUCKET_KEY_HEADER, demandKey, demandObject, header, KEY_HEADER, mayList, type S3Target } from "./call.ts";
import { versionsOfObject, type ObjectVersion } from "./objects.ts";

/** Query parameters by which a reader chooses the headers of the answer. */
const OVERRIDES = ["cache-control", "content-disposition", "content-encoding", "content-language", "content-type", "expires"];

/** What of an object an answer holds: bytes `start` to `end`, both included; `whole` if that is all that was asked for. */
interface Extent {
  readonly start: number;
  readonly end: number;
  readonly whole: boolean;
}

/** GetObject and HeadObject: conditions, one byte range or one part, and the response's headers as the query asks for them. */
export async function getObject(call: S3Target): Promise<void> {
  demandObject(call, call.query.has("versionId") ? "GetObjectVersion" : "GetObject");
  const bucket = requireBucket(call.cloud, call.bucket);
  const version = readable(call);
  demandKey(call, bucket, "Decrypt", keyOf(version));
  const unchanged = checkConditions(call, version);
  const extent = extentOf(call, version);
  const headers = headersOf(call, version, extent);
  if (unchanged) {
    answerEmpty(call, 304, headers);
    return;
  }
  const { start, end, whole } = extent;
  call.response.writeHead(whole ? 200 : 206, {
    ...headers,
    "content-length": end - start + 1,
    ...(whole ? {} : { "content-range": `bytes ${start}-${end}/${version.size}` }),
    "x-amz-request-id": call.requestId,
  });
  if (call.head.method === "HEAD" || end < start) {
    call.response.end();
    return;
  }
  // Overwritten or deleted meanwhile, the object is read to its end all the same.
  const release = holdBlobs(call.cloud.home, version.blobs);
  try {
    await pipeline(Readable.from(bytes(call.cloud.home, version.blobs, start, end)), call.response);
  } finally {
    await release();
  }
}

/** The version the call names. Throws what S3 says where there is none: that it is missing is told only to who may list the bucket. */
export function readable(call: S3Target): ObjectVersion {
  const versions = versionsOfObject(call.cloud, call.bucket, call.key);
  const wanted = call.query.get("versionId");
  const version = wanted === null ? versions[0] : versions.find(({ versionId }) => versionId === wanted);
  if (version === undefined && wanted !== null)
    throw new CloudError("NoSuchVersion", "The specified version does not exist.", 404);
  if (version?.deleteMarker === true) call.response.setHeader("x-amz-delete-marker", "true");
  if (version === undefined || (version.deleteMarker && wanted === null)) {
    if (!mayList(call)) throw new CloudError("AccessDenied", "Access Denied", 403);
    throw new CloudError("NoSuchKey", "The specified key does not exist.", 404);
  }
  if (version.deleteMarker)
    throw new CloudError("MethodNotAllowed", "The specified method is not allowed against this resource.", 405);
  return version;
}

/** The customer's key that a version is encrypted under; an empty id for none. */
export function keyOf({ headers }: ObjectVersion): Pick<Encryption, "keyId" | "bucketKey"> {
  return { keyId: headers[KEY_HEADER] ?? "", bucketKey: headers[BUCKET_KEY_HEADER] === "true" };
}

/** Whether a condition (`*`, or ETags with or without quotes) names the ETag. */
export function names(condition: string, etag: string): boolean {
  return condition.split(",").some((part) => ["*", etag, `"${etag}"`].includes(part.trim()));
}

function headersOf(call: S3Target, version: ObjectVersion, extent: Extent): Record<string, string> {
  const asked = OVERRIDES.flatMap((name) => {
    const value = call.query.get(`response-${name}`);
    return value === null ? [] : [[name, value] as const];
  });
  const withChecksums = header(call, "x-amz-checksum-mode")?.toUpperCase() === "ENABLED" && extent.whole;
  const own = Object.entries(version.headers).filter(([name]) => withChecksums || !name.startsWith("x-amz-checksum-"));
  return {
    ...Object.fromEntries(own),
    ...Object.fromEntries(asked),
    etag: `"${version.etag}"`,
    "last-modified": new Date(version.modified).toUTCString(),
    "accept-ranges": "bytes",
    ...(version.versionId === "null" ? {} : { "x-amz-version-id": version.versionId }),
    ...(call.query.has("partNumber") && version.blobs.length > 1 ? { "x-amz-mp-parts-count": String(version.blobs.length) } : {}),
    ...lockHeaders(version),
  };
}

function lockHeaders({ retainUntil, governance }: ObjectVersion): Record<string, string> {
  if (retainUntil === 0) return {};
  return {
    "x-amz-object-lock-mode": governance ? "GOVERNANCE" : "COMPLIANCE",
    "x-amz-object-lock-retain-until-date": new Date(retainUntil).toISOString(),
  };
}

/** Throws `PreconditionFailed`; says whether the reader has the object already. */
function checkConditions(call: S3Target, version: ObjectVersion): boolean {
  const failed = new CloudError("PreconditionFailed", "At least one of the pre-conditions you specified did not hold", 412);
  const seconds = Math.floor(version.modified / 1000) * 1000;
  const match = header(call, "if-match");
  const unmodified = header(call, "if-unmodified-since");
  if (match !== undefined && !names(match, version.etag)) throw failed;
  if (match === undefined && unmodified !== undefined && seconds > Date.parse(unmodified)) throw failed;
  const noneMatch = header(call, "if-none-match");
  const modified = header(call, "if-modified-since");
  if (noneMatch !== undefined) return names(noneMatch, version.etag);
  return modified !== undefined && seconds <= Date.parse(modified);
}

function extentOf(call: S3Target, version: ObjectVersion): Extent {
  const range = header(call, "range");
  const part = call.query.get("partNumber");
  if (part === null) return rangeOf(range, version.size);
  if (range !== undefined)
    throw new CloudError("InvalidRequest", "Cannot specify both Range header and partNumber query parameter");
  const index = Number(part) - 1;
  const blob = version.blobs[index];
  if (blob === undefined) throw new CloudError("InvalidPartNumber", "The requested partnumber is not satisfiable", 416);
  const start = version.blobs.slice(0, index).reduce((sum, { size }) => sum + size, 0);
  return { start, end: start + blob.size - 1, whole: version.size === 0 };
}

/** The first and last byte asked for; all where the header is not one range of bytes, which S3 ignores. */
function rangeOf(range: string | undefined, size: number): Extent {
  const found = /^bytes=(\d*)-(\d*)$/.exec(range ?? "");
  if (found === null || (found[1] === "" && found[2] === "")) return { start: 0, end: size - 1, whole: true };
  const [, from = "", to = ""] = found;
  const start = from === "" ? Math.max(0, size - Number(to)) : Number(from);
  const end = from === "" || to === "" ? size - 1 : Math.min(Number(to), size - 1);
  if (start >= size || start > end) throw new CloudError("InvalidRange", "The requested range is not satisfiable", 416);
  return { start, end, whole: false };
}

async function* bytes(home: string, blobs: readonly Blob[], start: number, end: number): AsyncGenerator<Uint8Array> {
  let offset = 0;
  for (const blob of blobs) {
    const from = Math.max(start - offset, 0);
    const to = Math.min(end - offset, blob.size - 1);
    offset += blob.size;
    if (from <= to) yield* readBlob(home, blob.id, from, to) as AsyncIterable<Uint8Array>;
  }
}

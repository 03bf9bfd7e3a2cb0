import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { CloudError } from "../../core/definition.ts";
import { readBlob, type Blob } from "./blobs.ts";
import { requireBucket } from "./buckets.ts";
import { answerEmpty, demandKey, demandObject, header, mayList, type S3Target } from "./call.ts";
import { versionsOfObject, type ObjectVersion } from "./objects.ts";

/** GetObject and HeadObject: conditions, one byte range, and the response's headers as the query asks for them. */
export async function getObject(call: S3Target): Promise<void> {
  demandObject(call, call.query.has("versionId") ? "GetObjectVersion" : "GetObject");
  requireBucket(call.cloud, call.bucket);
  const version = readable(call);
  demandKey(call, "Decrypt", version.headers["x-amz-server-side-encryption-aws-kms-key-id"] ?? "");
  const unchanged = checkConditions(call, version);
  const headers = headersOf(call, version);
  if (unchanged) {
    answerEmpty(call, 304, headers);
    return;
  }
  const range = rangeOf(header(call, "range"), version.size);
  const [start, end] = range ?? [0, version.size - 1];
  call.response.writeHead(range === undefined ? 200 : 206, {
    ...headers,
    "content-length": end - start + 1,
    ...(range === undefined ? {} : { "content-range": `bytes ${String(start)}-${String(end)}/${String(version.size)}` }),
    "x-amz-request-id": call.requestId,
  });
  if (call.head.method === "HEAD" || end < start) call.response.end();
  else await pipeline(Readable.from(bytes(call.cloud.home, version.blobs, start, end)), call.response);
}

/** The version the call names. Throws what S3 says where there is none: that it is missing is told only to who may list the bucket. */
export function readable(call: S3Target): ObjectVersion {
  const versions = versionsOfObject(call.cloud, call.bucket, call.key);
  const wanted = call.query.get("versionId");
  const version = wanted === null ? versions[0] : versions.find(({ versionId }) => versionId === wanted);
  if (version === undefined && wanted !== null)
    throw new CloudError("NoSuchVersion", "The specified version does not exist.", 404);
  if (version === undefined || (version.deleteMarker && wanted === null)) {
    if (!mayList(call)) throw new CloudError("AccessDenied", "Access Denied", 403);
    throw new CloudError("NoSuchKey", "The specified key does not exist.", 404);
  }
  if (version.deleteMarker)
    throw new CloudError("MethodNotAllowed", "The specified method is not allowed against this resource.", 405);
  return version;
}

function headersOf(call: S3Target, version: ObjectVersion): Record<string, string> {
  const asked = [...call.query].flatMap(([name, value]) =>
    name.startsWith("response-") ? [[name.slice("response-".length), value]] : [],
  );
  const withChecksums = header(call, "x-amz-checksum-mode")?.toUpperCase() === "ENABLED" && header(call, "range") === undefined;
  const own = Object.entries(version.headers).filter(([name]) => withChecksums || !name.startsWith("x-amz-checksum-"));
  return {
    ...Object.fromEntries(own),
    ...(Object.fromEntries(asked) as Record<string, string>),
    etag: `"${version.etag}"`,
    "last-modified": new Date(version.modified).toUTCString(),
    "accept-ranges": "bytes",
    ...(version.versionId === "null" ? {} : { "x-amz-version-id": version.versionId }),
    ...(version.blobs.length > 1 ? { "x-amz-mp-parts-count": String(version.blobs.length) } : {}),
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

function names(condition: string, etag: string): boolean {
  return condition.split(",").some((part) => ["*", etag, `"${etag}"`].includes(part.trim()));
}

/** The first and last byte asked for; undefined for all (also where the header is not a range of bytes, which S3 ignores). */
function rangeOf(range: string | undefined, size: number): [number, number] | undefined {
  const found = /^bytes=(\d*)-(\d*)$/.exec(range ?? "");
  if (found === null || (found[1] === "" && found[2] === "")) return undefined;
  const [, from = "", to = ""] = found;
  const start = from === "" ? Math.max(0, size - Number(to)) : Number(from);
  const end = from === "" || to === "" ? size - 1 : Math.min(Number(to), size - 1);
  if (start >= size || start > end) throw new CloudError("InvalidRange", "The requested range is not satisfiable", 416);
  return [start, end];
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

import { createHash, randomBytes } from "node:crypto";
import { CloudError } from "../../core/definition.ts";
import { claimBlobs, removeBlobs } from "./blobs.ts";
import { receiveBody } from "./body.ts";
import { readXml } from "./bucket-calls.ts";
import { requireBucket } from "./buckets.ts";
import { answerEmpty, answerXml, demandBucket, demandObject, type S3Target } from "./call.ts";
import { uploads, type Upload } from "./objects.ts";
import { beginWrite, commit, encryptionHeaders, versionHeader } from "./object-write.ts";

const MIN_PART = 5 * 1024 * 1024;

/** CreateMultipartUpload. */
export function createUpload(call: S3Target): void {
  demandObject(call, "PutObject");
  const { headers } = beginWrite(call);
  const id = randomBytes(32).toString("base64url");
  uploads(call.cloud, call.bucket).set(id, { key: call.key, started: call.cloud.now(), headers, parts: {} });
  answerXml(call, "InitiateMultipartUploadResult", { Bucket: call.bucket, Key: call.key, UploadId: id });
}

/** UploadPart; a part sent again takes the place of the one before. */
export async function uploadPart(call: S3Target): Promise<void> {
  demandObject(call, "PutObject");
  const number = Number(call.query.get("partNumber"));
  if (!Number.isInteger(number) || number < 1 || number > 10_000) {
    throw new CloudError("InvalidArgument", "Part number must be an integer between 1 and 10000, inclusive");
  }
  requireUpload(call);
  const { blob, checksums } = await receiveBody(call);
  let before: string | undefined;
  try {
    call.cloud.world.change(() => {
      const upload = requireUpload(call);
      before = upload.parts[number]?.blob.id;
      const part = { etag: blob.md5, size: blob.size, blob: { id: blob.id, size: blob.size }, modified: call.cloud.now() };
      uploads(call.cloud, call.bucket).set(uploadId(call), { ...upload, parts: { ...upload.parts, [number]: part } });
    });
  } catch (error) {
    await removeBlobs(call.cloud.home, [blob.id]);
    throw error;
  }
  claimBlobs([blob]);
  if (before !== undefined) await removeBlobs(call.cloud.home, [before]);
  answerEmpty(call, 200, { etag: `"${blob.md5}"`, ...checksums });
}

/** CompleteMultipartUpload: the object appears whole or not at all. */
export async function completeUpload(call: S3Target): Promise<void> {
  demandObject(call, "PutObject");
  const wanted = await readXml(call, "CompleteMultipartUpload");
  const upload = requireUpload(call);
  const parts = chosenParts(upload, [wanted["Part"] ?? []].flat());
  const md5 = createHash("md5");
  for (const part of parts) md5.update(Buffer.from(part.etag, "hex"));
  const extra = beginWrite(call);
  const stored = await commit(call, {
    ...extra,
    headers: upload.headers,
    size: parts.reduce((sum, part) => sum + part.size, 0),
    etag: `${md5.digest("hex")}-${String(parts.length)}`,
    blobs: parts.map(({ blob }) => blob),
  });
  uploads(call.cloud, call.bucket).delete(uploadId(call));
  const used = new Set(parts.map(({ blob }) => blob.id));
  await removeBlobs(
    call.cloud.home,
    Object.values(upload.parts).flatMap(({ blob }) => (used.has(blob.id) ? [] : [blob.id])),
  );
  const headers = { ...versionHeader(stored), ...encryptionHeaders(stored) };
  answerXml(call, "CompleteMultipartUploadResult", { Bucket: call.bucket, Key: call.key, ETag: `"${stored.etag}"` }, headers);
}

/** AbortMultipartUpload. */
export async function abortUpload(call: S3Target): Promise<void> {
  demandObject(call, "AbortMultipartUpload");
  const upload = requireUpload(call);
  uploads(call.cloud, call.bucket).delete(uploadId(call));
  await removeBlobs(
    call.cloud.home,
    Object.values(upload.parts).map(({ blob }) => blob.id),
  );
  answerEmpty(call, 204);
}

/** ListParts. */
export function listParts(call: S3Target): void {
  demandObject(call, "ListMultipartUploadParts");
  const upload = requireUpload(call);
  const parts = Object.entries(upload.parts).sort(([a], [b]) => Number(a) - Number(b));
  answerXml(call, "ListPartsResult", {
    Bucket: call.bucket,
    Key: call.key,
    UploadId: uploadId(call),
    IsTruncated: false,
    Part: parts.map(([number, part]) => ({
      PartNumber: number,
      LastModified: new Date(part.modified),
      ETag: `"${part.etag}"`,
      Size: part.size,
    })),
  });
}

/** ListMultipartUploads. */
export function listUploads(call: S3Target): void {
  demandBucket(call, "ListBucketMultipartUploads");
  requireBucket(call.cloud, call.bucket);
  const open = uploads(call.cloud, call.bucket).entries();
  answerXml(call, "ListMultipartUploadsResult", {
    Bucket: call.bucket,
    IsTruncated: false,
    Upload: open.map(([id, upload]) => ({ Key: upload.key, UploadId: id, Initiated: new Date(upload.started) })),
  });
}

function chosenParts(upload: Upload, wanted: readonly { PartNumber?: string; ETag?: string }[]): Upload["parts"][string][] {
  if (wanted.length === 0)
    throw new CloudError(
      "MalformedXML",
      "The XML you provided was not well-formed or did not validate against our published schema",
    );
  let last = 0;
  return wanted.map(({ PartNumber: number = "", ETag: etag = "" }, index) => {
    if (Number(number) <= last)
      throw new CloudError(
        "InvalidPartOrder",
        "The list of parts was not in ascending order. Parts must be ordered by part number.",
      );
    last = Number(number);
    const part = upload.parts[number];
    if (part === undefined || part.etag !== etag.replace(/&quot;|"/g, "")) {
      throw new CloudError(
        "InvalidPart",
        "One or more of the specified parts could not be found. The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
      );
    }
    if (index < wanted.length - 1 && part.size < MIN_PART)
      throw new CloudError("EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size");
    return part;
  });
}

function requireUpload(call: S3Target): Upload {
  requireBucket(call.cloud, call.bucket);
  const upload = uploads(call.cloud, call.bucket).get(uploadId(call));
  if (upload?.key === call.key) return upload;
  throw new CloudError(
    "NoSuchUpload",
    "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.",
    404,
  );
}

function uploadId(call: S3Target): string {
  return call.query.get("uploadId") ?? "";
}

import { createHash, randomBytes } from "node:crypto";
import { CloudError } from "../../core/definition.ts";
import { claimBlobs, holdBlobs, removeBlobs } from "./blobs.ts";
import { receiveBody } from "./body.ts";
import { requireBucket } from "./buckets.ts";
import { answerEmpty, answerXml, demandObject, malformedXml, unquoted, type S3Target } from "./call.ts";
import { checksumElement, checksumOfUpload, uploadChecksumHeaders, wholeChecksum } from "./multipart-checksums.ts";
import { storeObject, uploads, type Part, type Upload } from "./objects.ts";
import { beginWrite, conditionOf, encryptionHeaders, versionHeader } from "./object-write.ts";
import { children, readXml, textOf, type XmlChildren } from "./request-xml.ts";

/** Every part but the last has at least so many bytes (S3 User Guide, "Amazon S3 multipart upload limits"). */
const MIN_PART = 5 * 1024 * 1024;
const MOST_PARTS = 10_000;

/** CreateMultipartUpload. */
export function createUpload(call: S3Target): void {
  demandObject(call, "PutObject");
  const { headers } = beginWrite(call);
  const checksum = checksumOfUpload(call);
  const id = randomBytes(32).toString("base64url");
  const upload = {
    key: call.key,
    started: call.cloud.now(),
    headers,
    parts: {},
    ...(checksum === undefined ? {} : { checksum }),
  };
  uploads(call.cloud, call.bucket).set(id, upload);
  answerXml(
    call,
    "InitiateMultipartUploadResult",
    { Bucket: call.bucket, Key: call.key, UploadId: id },
    {
      ...encryptionHeaders(headers),
      ...uploadChecksumHeaders(upload),
    },
  );
}

/** UploadPart; a part sent again takes the place of the one before. */
export async function uploadPart(call: S3Target): Promise<void> {
  demandObject(call, "PutObject");
  const number = Number(call.query.get("partNumber"));
  if (!Number.isInteger(number) || number < 1 || number > MOST_PARTS) {
    throw new CloudError("InvalidArgument", `Part number must be an integer between 1 and ${MOST_PARTS}, inclusive`);
  }
  const algorithm = requireUpload(call).checksum?.algorithm;
  const { blob, checksums } = await receiveBody(call, algorithm);
  const checksum = algorithm === undefined ? undefined : checksums[`x-amz-checksum-${algorithm}`];
  const part: Part = {
    etag: blob.md5,
    size: blob.size,
    blob: { id: blob.id, size: blob.size },
    modified: call.cloud.now(),
    ...(checksum === undefined ? {} : { checksum }),
  };
  let before: string | undefined;
  try {
    call.cloud.world.change(() => {
      // The upload may have been completed or aborted while the part came in.
      const upload = requireUpload(call);
      before = upload.parts[number]?.blob.id;
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

/** CompleteMultipartUpload: the object appears whole or not at all, and a refusal leaves the upload as it was. */
export async function completeUpload(call: S3Target): Promise<void> {
  demandObject(call, "PutObject");
  const wanted = children(await readXml(call, "CompleteMultipartUpload"), "Part");
  const { retainUntil, governance } = beginWrite(call);
  const checked = requireUpload(call);
  const checksums = await summed(call, checked, chosenParts(checked, wanted));
  const { stored, dropped } = call.cloud.world.change(() => {
    // Parts may have been sent again, and the upload completed or aborted, while the checksum was computed.
    const upload = requireUpload(call);
    const parts = chosenParts(upload, wanted);
    const version = {
      headers: { ...upload.headers, ...checksums },
      size: parts.reduce((sum, part) => sum + part.size, 0),
      etag: etagOf(parts),
      blobs: parts.map(({ blob }) => blob),
      retainUntil,
      governance,
    };
    const { version: stored, unused } = storeObject(
      call.cloud,
      call.bucket,
      call.key,
      version,
      conditionOf(call),
      uploadId(call),
    );
    const used = new Set(version.blobs.map(({ id }) => id));
    const rest = Object.values(upload.parts).filter(({ blob }) => !used.has(blob.id));
    return { stored, dropped: [...unused, ...rest.map(({ blob }) => blob.id)] };
  });
  await removeBlobs(call.cloud.home, dropped);
  const { algorithm = "" } = checked.checksum ?? {};
  answerXml(
    call,
    "CompleteMultipartUploadResult",
    {
      Bucket: call.bucket,
      Key: call.key,
      ETag: `"${stored.etag}"`,
      ...(algorithm === ""
        ? {}
        : { [checksumElement(algorithm)]: checksums[`x-amz-checksum-${algorithm}`], ChecksumType: checked.checksum?.type }),
    },
    { ...versionHeader(stored), ...encryptionHeaders(stored.headers) },
  );
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

/** The upload that the call names. Throws `NoSuchUpload`. */
export function requireUpload(call: S3Target): Upload {
  requireBucket(call.cloud, call.bucket);
  const upload = uploads(call.cloud, call.bucket).get(uploadId(call));
  if (upload?.key === call.key) return upload;
  throw new CloudError(
    "NoSuchUpload",
    "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.",
    404,
  );
}

/** The `uploadId` of the query. */
export function uploadId(call: S3Target): string {
  return call.query.get("uploadId") ?? "";
}

async function summed(call: S3Target, upload: Upload, parts: readonly Part[]): Promise<Record<string, string>> {
  const blobs = parts.map(({ blob }) => blob);
  const release = holdBlobs(call.cloud.home, blobs);
  try {
    return await wholeChecksum(call, upload, parts);
  } finally {
    await release();
  }
}

/** The ETag of an object of parts: a hash of their hashes, and how many they are. */
function etagOf(parts: readonly Part[]): string {
  const md5 = createHash("md5");
  for (const part of parts) md5.update(Buffer.from(part.etag, "hex"));
  return `${md5.digest("hex")}-${parts.length}`;
}

function chosenParts(upload: Upload, wanted: readonly XmlChildren[]): Part[] {
  if (wanted.length === 0 || wanted.length > MOST_PARTS) throw malformedXml();
  let last = 0;
  const parts = wanted.map((element) => {
    const number = textOf(element, "PartNumber") ?? "";
    if (!/^\d+$/.test(number)) throw malformedXml();
    if (Number(number) <= last)
      throw new CloudError(
        "InvalidPartOrder",
        "The list of parts was not in ascending order. Parts must be ordered by part number.",
      );
    last = Number(number);
    const part = upload.parts[last];
    const checksum = upload.checksum === undefined ? undefined : textOf(element, checksumElement(upload.checksum.algorithm));
    const isTheOne = part?.etag === unquoted(textOf(element, "ETag") ?? "") && (checksum ?? part.checksum) === part.checksum;
    if (part === undefined || !isTheOne) {
      throw new CloudError(
        "InvalidPart",
        "One or more of the specified parts could not be found. The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
      );
    }
    return part;
  });
  if (parts.slice(0, -1).some(({ size }) => size < MIN_PART))
    throw new CloudError("EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size");
  return parts;
}

import { requireBucket } from "./buckets.ts";
import { answerXml, demandBucket, demandObject, type S3Target } from "./call.ts";
import { checksumElement } from "./multipart-checksums.ts";
import { requireUpload, uploadId } from "./multipart-calls.ts";
import { uploads } from "./objects.ts";
import { encoderOf, limitOf, pageOf } from "./paging.ts";

/** ListParts, by number. */
export function listParts(call: S3Target): void {
  demandObject(call, "ListMultipartUploadParts");
  const upload = requireUpload(call);
  const marker = Number(call.query.get("part-number-marker") ?? 0);
  const limit = limitOf(call, "max-parts");
  const rest = Object.entries(upload.parts)
    .map(([number, part]) => ({ number: Number(number), part }))
    .filter(({ number }) => number > marker)
    .sort((a, b) => a.number - b.number);
  const shown = rest.slice(0, limit);
  const more = rest.length > shown.length;
  answerXml(call, "ListPartsResult", {
    Bucket: call.bucket,
    Key: call.key,
    UploadId: uploadId(call),
    PartNumberMarker: marker,
    NextPartNumberMarker: more ? shown.at(-1)?.number : undefined,
    MaxParts: limit,
    IsTruncated: more,
    ChecksumAlgorithm: upload.checksum?.algorithm.toUpperCase(),
    ChecksumType: upload.checksum?.type,
    Part: shown.map(({ number, part }) => ({
      PartNumber: number,
      LastModified: new Date(part.modified),
      ETag: `"${part.etag}"`,
      Size: part.size,
      ...(upload.checksum === undefined ? {} : { [checksumElement(upload.checksum.algorithm)]: part.checksum }),
    })),
  });
}

/** ListMultipartUploads, by key, and those of one key by when they began. */
export function listUploads(call: S3Target): void {
  demandBucket(call, "ListBucketMultipartUploads");
  requireBucket(call.cloud, call.bucket);
  const prefix = call.query.get("prefix") ?? "";
  const open = uploads(call.cloud, call.bucket)
    .entries()
    .filter(([, { key }]) => key.startsWith(prefix))
    .map(([id, upload]) => ({ key: upload.key, id, started: upload.started }))
    .sort((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)) || a.started - b.started);
  const marker = { key: call.query.get("key-marker") ?? "", id: call.query.get("upload-id-marker") ?? undefined };
  const page = pageOf(call, open, marker, limitOf(call, "max-uploads"));
  const shown = encoderOf(call);
  answerXml(call, "ListMultipartUploadsResult", {
    Bucket: call.bucket,
    KeyMarker: shown(marker.key),
    UploadIdMarker: marker.id ?? "",
    NextKeyMarker: page.next === undefined ? undefined : shown(page.next.key),
    NextUploadIdMarker: page.next?.id,
    Prefix: shown(prefix),
    Delimiter: call.query.get("delimiter") ?? undefined,
    MaxUploads: limitOf(call, "max-uploads"),
    IsTruncated: page.next !== undefined,
    Upload: page.items.map(({ key, id, started }) => ({ Key: shown(key), UploadId: id, Initiated: new Date(started) })),
    CommonPrefixes: page.prefixes.map((common) => ({ Prefix: shown(common) })),
  });
}

import type { SignedHead } from "../../api/sigv4.ts";
import type { Answer } from "../../api/http.ts";
import { xmlDocument } from "../../api/xml.ts";
import { CloudError } from "../../core/definition.ts";
import {
  createBucket,
  deleteBucket,
  getBucketLocation,
  getBucketPolicy,
  getBucketVersioning,
  headBucket,
  listBuckets,
  putBucketVersioning,
} from "./bucket-calls.ts";
import type { S3Call, S3Target } from "./call.ts";
import { listObjectsV2, listObjectVersions } from "./list-calls.ts";
import { abortUpload, completeUpload, createUpload, listParts, listUploads, uploadPart } from "./multipart-calls.ts";
import { getObject } from "./object-read.ts";
import { copyObject, deleteMany, deleteOne, putObject } from "./object-write.ts";

type Handler = (call: S3Target) => void | Promise<void>;

/** Query parameters that name another operation than the plain one of their method. */
const SUBRESOURCES = [
  ...[
    "accelerate",
    "acl",
    "analytics",
    "attributes",
    "cors",
    "delete",
    "encryption",
    "intelligent-tiering",
    "inventory",
    "legal-hold",
    "lifecycle",
  ],
  ...[
    "location",
    "logging",
    "metrics",
    "notification",
    "object-lock",
    "ownershipControls",
    "policy",
    "policyStatus",
    "publicAccessBlock",
    "replication",
  ],
  ...[
    "requestPayment",
    "restore",
    "retention",
    "select",
    "tagging",
    "torrent",
    "uploadId",
    "uploads",
    "versioning",
    "versions",
    "website",
  ],
];

/** `METHOD service|bucket|object [subresource]` → operation. */
const ROUTES: Readonly<Record<string, Handler>> = {
  "GET service": listBuckets,
  "PUT bucket": createBucket,
  "DELETE bucket": deleteBucket,
  "HEAD bucket": headBucket,
  "GET bucket": listObjectsV2,
  "GET bucket versions": listObjectVersions,
  "GET bucket location": getBucketLocation,
  "GET bucket policy": getBucketPolicy,
  "GET bucket versioning": getBucketVersioning,
  "PUT bucket versioning": putBucketVersioning,
  "GET bucket uploads": listUploads,
  "POST bucket delete": deleteMany,
  "GET object": getObject,
  "HEAD object": getObject,
  "PUT object": (call) => (call.head.headers["x-amz-copy-source"] === undefined ? putObject(call) : copyObject(call)),
  "DELETE object": deleteOne,
  "POST object uploads": createUpload,
  "PUT object uploadId": uploadPart,
  "POST object uploadId": completeUpload,
  "DELETE object uploadId": abortUpload,
  "GET object uploadId": listParts,
};

/** Answers one signed S3 call; buckets are addressed by path. Throws {@link CloudError} before anything is sent. */
export async function answerS3(call: S3Call): Promise<void> {
  const target = targetOf(call);
  const level = target.bucket === "" ? "service" : target.key === "" ? "bucket" : "object";
  const part = SUBRESOURCES.find((name) => target.query.has(name));
  const route = `${call.head.method} ${level}${part === undefined ? "" : ` ${part}`}`;
  const handler = ROUTES[route];
  const listsOldStyle = route === "GET bucket" && target.query.get("list-type") !== "2";
  const copiesPart = route === "PUT object uploadId" && call.head.headers["x-amz-copy-source"] !== undefined;
  if (handler === undefined || listsOldStyle || copiesPart) {
    const which = listsOldStyle ? "ListObjects; use ListObjectsV2" : copiesPart ? "UploadPartCopy" : route;
    throw new CloudError(
      "NotImplemented",
      `A header you provided implies functionality that is not implemented: the sandbox does not serve ${which}`,
      501,
    );
  }
  await handler(target);
}

/** An error as S3 sends it; the answer to HEAD has no body. */
export function s3Error(error: CloudError, head: SignedHead, requestId: string): Answer {
  if (head.method === "HEAD") return { status: error.status };
  const document = { Code: error.code, Message: error.message, Resource: head.path, RequestId: requestId };
  return { status: error.status, headers: { "content-type": "application/xml" }, body: xmlDocument("Error", document) };
}

function targetOf(call: S3Call): S3Target {
  const [, bucket = "", ...key] = call.head.path.split("/");
  try {
    return {
      ...call,
      bucket: decodeURIComponent(bucket),
      key: decodeURIComponent(key.join("/")),
      query: new URLSearchParams(call.head.query),
    };
  } catch {
    throw new CloudError("InvalidURI", "Couldn't parse the specified URI.");
  }
}

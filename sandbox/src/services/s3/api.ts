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
import { BUCKET } from "./buckets.ts";
import { header, notImplemented, type S3Call, type S3Target } from "./call.ts";
import { listObjectsV1, listObjectsV2, listObjectVersions } from "./list-calls.ts";
import { abortUpload, completeUpload, createUpload, uploadPart } from "./multipart-calls.ts";
import { listParts, listUploads } from "./multipart-lists.ts";
import { copyObject } from "./object-copy.ts";
import { deleteMany, deleteOne } from "./object-delete.ts";
import { getObject } from "./object-read.ts";
import { putObject } from "./object-write.ts";

type Handler = (call: S3Target) => void | Promise<void>;

/** Query parameters that name another operation than the plain one of their method. Source: S3 API Reference, Actions. */
const SUBRESOURCES =
  "abac accelerate acl analytics attributes cors delete encryption intelligent-tiering inventory legal-hold lifecycle location logging metadataTable metrics " +
  "notification object-lock ownershipControls policy policyStatus publicAccessBlock renameObject replication requestPayment restore retention select " +
  "session tagging torrent uploadId uploads versioning versions website";
const KNOWN_SUBRESOURCES = SUBRESOURCES.split(" ");

/** Headers that change what an operation does, and that the sandbox does not play: to leave them out silently would be worse. */
const UNSERVED_HEADERS =
  /^x-amz-(tagging|tagging-directive|grant-.*|object-lock-.*|(copy-source-)?server-side-encryption-customer-.*|write-offset-bytes|mfa)$/;

/** `METHOD service|bucket|object [subresource]` → operation. */
const ROUTES: Readonly<Record<string, Handler>> = {
  "GET service": listBuckets,
  "PUT bucket": createBucket,
  "DELETE bucket": deleteBucket,
  "HEAD bucket": headBucket,
  "GET bucket": (call) => {
    if (call.query.get("list-type") === "2") listObjectsV2(call);
    else listObjectsV1(call);
  },
  "GET bucket versions": listObjectVersions,
  "GET bucket location": getBucketLocation,
  "GET bucket policy": getBucketPolicy,
  "GET bucket versioning": getBucketVersioning,
  "PUT bucket versioning": putBucketVersioning,
  "GET bucket uploads": listUploads,
  "POST bucket delete": deleteMany,
  "GET object": getObject,
  "HEAD object": getObject,
  "PUT object": (call) => (isCopy(call) ? copyObject(call) : putObject(call)),
  "DELETE object": deleteOne,
  "POST object uploads": createUpload,
  "PUT object uploadId": (call) => {
    if (isCopy(call)) throw notImplemented("UploadPartCopy; read the object and upload the part");
    return uploadPart(call);
  },
  "POST object uploadId": completeUpload,
  "DELETE object uploadId": abortUpload,
  "GET object uploadId": listParts,
};

/** Answers one signed S3 call; buckets are addressed by path. Throws {@link CloudError} before anything is sent. */
export async function answerS3(call: S3Call): Promise<void> {
  const target = targetOf(call);
  const level = target.bucket === "" ? "service" : target.key === "" ? "bucket" : "object";
  const part = KNOWN_SUBRESOURCES.find((name) => target.query.has(name));
  const route = `${call.head.method} ${level}${part === undefined ? "" : ` ${part}`}`;
  const handler = Object.hasOwn(ROUTES, route) ? ROUTES[route] : undefined;
  if (handler === undefined) throw notImplemented(route);
  const unserved = Object.keys(call.head.headers).find((name) => UNSERVED_HEADERS.test(name));
  if (unserved !== undefined) throw notImplemented(unserved);
  checkOwner(target);
  checkRegion(target, route);
  await handler(target);
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

/** All buckets of the sandbox are the one account's. */
function checkOwner(call: S3Target): void {
  const expected = header(call, "x-amz-expected-bucket-owner") ?? call.cloud.account;
  if (expected !== call.cloud.account) throw new CloudError("AccessDenied", "Access Denied", 403);
}

/** A bucket answers in its own region only, but for the question which that is. */
function checkRegion(call: S3Target, route: string): void {
  const region = call.cloud.world.get(BUCKET, call.bucket)?.region ?? call.region;
  if (region === call.region || ["PUT bucket", "HEAD bucket", "GET bucket location"].includes(route)) return;
  throw new CloudError(
    "AuthorizationHeaderMalformed",
    `The authorization header is malformed; the region '${call.region}' is wrong; expecting '${region}'`,
  );
}

function isCopy(call: S3Target): boolean {
  return header(call, "x-amz-copy-source") !== undefined;
}

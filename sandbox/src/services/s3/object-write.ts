import { CloudError } from "../../core/definition.ts";
import { removeBlobs, type Blob } from "./blobs.ts";
import { receiveBody } from "./body.ts";
import { ENCRYPTIONS } from "./bucket-encryption.ts";
import { type Encryption, encryptionOf, requireBucket, retentionOf } from "./buckets.ts";
import {
  answerEmpty,
  BUCKET_KEY_HEADER,
  demandKey,
  demandObject,
  header,
  KEY_HEADER,
  notImplemented,
  type S3Target,
} from "./call.ts";
import { storeObject, type NewVersion, type ObjectVersion, type WriteCondition } from "./objects.ts";
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

/** Classes whose objects can be read at once; the archives have to be restored first, which the sandbox does not play. */
const STORAGE_CLASSES = ["STANDARD", "STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING", "GLACIER_IR", "REDUCED_REDUNDANCY"];
const ARCHIVES = ["GLACIER", "DEEP_ARCHIVE"];

/** Bytes of a key, and of all `x-amz-meta-*` names and values of an object (S3 User Guide, "Object key naming", "Working with object metadata"). */
const LONGEST_KEY = 1024;
const MOST_METADATA = 2048;

/** What the request and the bucket decide about a new version before its bytes are there. */
export type Described = Pick<ObjectVersion, "headers" | "retainUntil" | "governance">;

/** PutObject. */
export async function putObject(call: S3Target): Promise<void> {
  demandObject(call, "PutObject");
  const described = beginWrite(call);
  const { blob, checksums } = await receiveBody(call);
  const stored = await commit(call, {
    ...described,
    size: blob.size,
    etag: blob.md5,
    blobs: [{ id: blob.id, size: blob.size }],
    headers: { ...described.headers, ...wholeChecksums(checksums) },
  });
  answerEmpty(call, 200, {
    etag: `"${stored.etag}"`,
    ...versionHeader(stored),
    ...encryptionHeaders(stored.headers),
    ...wholeChecksums(checksums),
  });
}

/** The parts of a new version that the request's headers and the bucket's configuration decide. Asks about the encryption key. */
export function beginWrite(call: S3Target): Described {
  const bucket = requireBucket(call.cloud, call.bucket);
  if (Buffer.byteLength(call.key) > LONGEST_KEY) throw new CloudError("KeyTooLongError", "Your key is too long");
  refuseAcl(call.cloud, call.bucket, header(call, "x-amz-acl"));
  const encryption = chosenEncryption(call);
  demandKey(call, bucket, "GenerateDataKey", encryption);
  const { until, governance } = retentionOf(call.cloud, call.bucket);
  return {
    headers: { ...toldHeaders(call), ...storageClass(call), ...encryptionAsHeaders(encryption) },
    retainUntil: until,
    governance,
  };
}

/** Stores a version whose blobs are written, if the request's condition holds; if not, takes the blobs away again, which no record names yet. */
export async function commit(call: S3Target, version: NewVersion): Promise<ObjectVersion> {
  let done: ReturnType<typeof storeObject>;
  try {
    // The bucket may have been deleted while the body came in.
    requireBucket(call.cloud, call.bucket);
    done = storeObject(call.cloud, call.bucket, call.key, version, conditionOf(call));
  } catch (error) {
    await removeBlobs(call.cloud.home, idsOf(version.blobs));
    throw error;
  }
  await removeBlobs(call.cloud.home, done.unused);
  return done.version;
}

/** What the request's `If-Match` and `If-None-Match` ask for. */
export function conditionOf(call: S3Target): WriteCondition {
  return { match: header(call, "if-match"), noneMatch: header(call, "if-none-match") };
}

/** The response headers that say how a version is encrypted. */
export function encryptionHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => name.startsWith("x-amz-server-side-encryption")));
}

/** The version's id, for buckets that have or had versioning. */
export function versionHeader(version: ObjectVersion): Record<string, string> {
  return version.versionId === "null" ? {} : { "x-amz-version-id": version.versionId };
}

/** The ids of blobs. */
export function idsOf(blobs: readonly Blob[]): string[] {
  return blobs.map(({ id }) => id);
}

/** A checksum of an object that came in one piece covers all of it. */
function wholeChecksums(checksums: Readonly<Record<string, string>>): Record<string, string> {
  return Object.keys(checksums).length === 0 ? {} : { ...checksums, "x-amz-checksum-type": "FULL_OBJECT" };
}

/** What the writer says goes before the bucket's default; a writer who names no key means AWS's own. */
function chosenEncryption(call: S3Target): Encryption {
  const algorithm = header(call, "x-amz-server-side-encryption");
  if (algorithm === undefined) return encryptionOf(call.cloud, call.bucket);
  if (!ENCRYPTIONS.includes(algorithm)) {
    throw new CloudError("InvalidArgument", `The encryption method specified is not supported: ${algorithm}`);
  }
  const keyId = header(call, KEY_HEADER) ?? "";
  if (algorithm === "AES256" && keyId !== "") {
    throw new CloudError(
      "InvalidArgument",
      "Server Side Encryption with AWS KMS managed key requires HTTP header x-amz-server-side-encryption : aws:kms",
    );
  }
  return { algorithm, keyId, bucketKey: header(call, BUCKET_KEY_HEADER) === "true" };
}

function encryptionAsHeaders({ algorithm, keyId, bucketKey }: Encryption): Record<string, string> {
  return {
    "x-amz-server-side-encryption": algorithm,
    ...(keyId === "" ? {} : { [KEY_HEADER]: keyId }),
    ...(algorithm !== "AES256" && bucketKey ? { [BUCKET_KEY_HEADER]: "true" } : {}),
  };
}

function toldHeaders(call: S3Target): Record<string, string> {
  const given = Object.entries(call.head.headers).filter(([name]) => KEPT.includes(name) || name.startsWith("x-amz-meta-"));
  const metadata = given.filter(([name]) => name.startsWith("x-amz-meta-"));
  const size = metadata.reduce((sum, [name, value]) => sum + name.length - "x-amz-meta-".length + Buffer.byteLength(value), 0);
  if (size > MOST_METADATA) {
    throw new CloudError("MetadataTooLarge", "Your metadata headers exceed the maximum allowed metadata size");
  }
  const { "content-encoding": encodings = "", ...headers } = Object.fromEntries(given);
  // aws-chunked describes the upload, not the object.
  const own = encodings.split(",").map((part) => part.trim());
  const encoding = own.filter((part) => part !== "aws-chunked" && part !== "").join(",");
  return {
    "content-type": "binary/octet-stream",
    ...headers,
    ...(encoding === "" ? {} : { "content-encoding": encoding }),
  };
}

/** The class as S3 tells it: the standard one is not mentioned. */
function storageClass(call: S3Target): Record<string, string> {
  const wanted = header(call, "x-amz-storage-class") ?? "STANDARD";
  if (ARCHIVES.includes(wanted))
    throw notImplemented(`the storage class ${wanted}, whose objects must be restored before they are read`);
  if (!STORAGE_CLASSES.includes(wanted)) {
    throw new CloudError("InvalidStorageClass", `The storage class you specified is not valid: ${wanted}`);
  }
  return wanted === "STANDARD" ? {} : { "x-amz-storage-class": wanted };
}

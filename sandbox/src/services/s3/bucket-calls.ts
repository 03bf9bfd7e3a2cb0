import { XMLParser } from "fast-xml-parser";
import { readBody, sha256Hex } from "../../api/http.ts";
import { CloudError } from "../../core/definition.ts";
import { text } from "../../core/values.ts";
import { BUCKET, bucketOutputs, configurationOf, faultInBucketName, requireBucket, VERSIONING, versioningOf } from "./buckets.ts";
import { answerEmpty, answerXml, demand, demandBucket, type S3Target } from "./call.ts";
import { holdsAnything } from "./objects.ts";

const parser = new XMLParser({ ignoreAttributes: true, parseTagValue: false, processEntities: true });

/** The XML of a request's body below its outermost element. Throws `MalformedXML`. */
export async function readXml(call: S3Target, root: string): Promise<Record<string, unknown>> {
  const body = await readBody(call.request);
  if (/^[0-9a-f]{64}$/.test(call.declared) && sha256Hex(body) !== call.declared) {
    throw new CloudError(
      "XAmzContentSHA256Mismatch",
      "The provided 'x-amz-content-sha256' header does not match what was computed.",
    );
  }
  if (body.length === 0) return {};
  try {
    const parsed = parser.parse(body) as Record<string, unknown>;
    const value = parsed[root];
    if (typeof value === "object" && value !== null) return value as Record<string, unknown>;
  } catch {
    // Answered below, like any document of another shape.
  }
  throw new CloudError(
    "MalformedXML",
    "The XML you provided was not well-formed or did not validate against our published schema",
  );
}

export function listBuckets(call: S3Target): void {
  demand(call, "ListAllMyBuckets", "arn:aws:s3:::*");
  const buckets = call.cloud.world
    .all(BUCKET)
    .map((row) => ({ Name: row.id, BucketRegion: row.region, CreationDate: new Date(Number(row.outputs["created"] ?? 0)) }));
  answerXml(call, "ListAllMyBucketsResult", { Owner: { ID: call.cloud.account }, Buckets: { Bucket: buckets } });
}

/** Makes a bucket that no program declares; one that is the caller's already is fine in us-east-1 only, as in S3. */
export async function createBucket(call: S3Target): Promise<void> {
  demandBucket(call, "CreateBucket");
  const wanted = await readXml(call, "CreateBucketConfiguration");
  const region = typeof wanted["LocationConstraint"] === "string" ? wanted["LocationConstraint"] : "us-east-1";
  const fault = faultInBucketName(call.bucket);
  if (fault !== undefined) throw new CloudError("InvalidBucketName", `The specified bucket is not valid: ${fault}`);
  if (region !== call.region) {
    throw new CloudError(
      "IllegalLocationConstraintException",
      `The ${region} location constraint is incompatible for the region specific endpoint this request was sent to.`,
    );
  }
  if (call.cloud.world.get(BUCKET, call.bucket) !== undefined) throw alreadyOwned();
  const outputs = { ...bucketOutputs(call.bucket, region), created: call.cloud.now() };
  call.cloud.world.put({
    type: BUCKET,
    id: call.bucket,
    urn: "",
    region,
    inputs: { bucket: call.bucket },
    outputs,
    phase: "ready",
    claimed: true,
  });
  answerEmpty(call, 200, { location: `/${call.bucket}` });
}

/** The refusal of a bucket name the account already has. */
export function alreadyOwned(): CloudError {
  return new CloudError(
    "BucketAlreadyOwnedByYou",
    "Your previous request to create the named bucket succeeded and you already own it.",
    409,
  );
}

export function deleteBucket(call: S3Target): void {
  demandBucket(call, "DeleteBucket");
  const bucket = requireBucket(call.cloud, call.bucket);
  if (holdsAnything(call.cloud, call.bucket)) throw notEmpty(call);
  call.cloud.world.drop(bucket);
  answerEmpty(call, 204);
}

function notEmpty(call: S3Target): CloudError {
  const versions = versioningOf(call.cloud, call.bucket) === "Disabled" ? "" : ". You must delete all versions in the bucket.";
  return new CloudError("BucketNotEmpty", `The bucket you tried to delete is not empty${versions}`, 409);
}

export function headBucket(call: S3Target): void {
  demandBucket(call, "ListBucket");
  answerEmpty(call, 200, { "x-amz-bucket-region": requireBucket(call.cloud, call.bucket).region });
}

export function getBucketLocation(call: S3Target): void {
  demandBucket(call, "GetBucketLocation");
  const { region } = requireBucket(call.cloud, call.bucket);
  answerXml(call, "LocationConstraint", region === "us-east-1" ? "" : region);
}

export function getBucketVersioning(call: S3Target): void {
  demandBucket(call, "GetBucketVersioning");
  requireBucket(call.cloud, call.bucket);
  const status = versioningOf(call.cloud, call.bucket);
  answerXml(call, "VersioningConfiguration", { Status: status === "Disabled" ? undefined : status });
}

/** Changes the versioning that the world knows, so that `pulumi refresh` sees the drift. */
export async function putBucketVersioning(call: S3Target): Promise<void> {
  demandBucket(call, "PutBucketVersioning");
  const bucket = requireBucket(call.cloud, call.bucket);
  const { Status: status } = await readXml(call, "VersioningConfiguration");
  if (status !== "Enabled" && status !== "Suspended")
    throw new CloudError("IllegalVersioningConfigurationException", "The Versioning element must be specified");
  const known = configurationOf(call.cloud, VERSIONING, call.bucket);
  const changed = { bucket: call.bucket, versioningConfiguration: { status } };
  call.cloud.world.put({
    ...(known ?? { type: VERSIONING, id: call.bucket, urn: "", region: bucket.region, phase: "ready" as const, claimed: true }),
    inputs: { ...known?.inputs, ...changed },
    outputs: { ...known?.outputs, ...changed },
  });
  answerEmpty(call, 200);
}

export function getBucketPolicy(call: S3Target): void {
  demandBucket(call, "GetBucketPolicy");
  const row = configurationOf(call.cloud, "aws:s3/bucketPolicy:BucketPolicy", requireBucket(call.cloud, call.bucket).id);
  if (row === undefined) throw new CloudError("NoSuchBucketPolicy", "The bucket policy does not exist", 404);
  call.response.writeHead(200, { "content-type": "application/json", "x-amz-request-id": call.requestId });
  call.response.end(text(row.inputs, "policy"));
}

import { send } from "../../api/http.ts";
import { CloudError } from "../../core/definition.ts";
import { alreadyOwned, removeBucket } from "./bucket-removal.ts";
import { refuseUnderLock } from "./bucket-versioning.ts";
import {
  BUCKET,
  bucketOutputs,
  configurationOf,
  faultInBucketName,
  policyTextOf,
  requireBucket,
  VERSIONING,
  versioningOf,
} from "./buckets.ts";
import { answerEmpty, answerXml, demand, demandBucket, header, type S3Target } from "./call.ts";
import { sweepObjects } from "./objects.ts";
import { refuseAcl } from "./public-access.ts";
import { readXml, textOf } from "./request-xml.ts";

/** ListBuckets, in one page. */
export function listBuckets(call: S3Target): void {
  demand(call, "ListAllMyBuckets", "arn:aws:s3:::*");
  const prefix = call.query.get("prefix") ?? "";
  const buckets = call.cloud.world
    .all(BUCKET)
    .filter((row) => row.id.startsWith(prefix))
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map((row) => ({ Name: row.id, CreationDate: new Date(Number(row.outputs["created"] ?? 0)), BucketRegion: row.region }));
  answerXml(call, "ListAllMyBucketsResult", { Buckets: { Bucket: buckets }, Owner: { ID: call.cloud.account } });
}

/** CreateBucket: one that no program declares. One that is the caller's already is fine in us-east-1 only, as in S3. */
export async function createBucket(call: S3Target): Promise<void> {
  demandBucket(call, "CreateBucket");
  const wanted = await readXml(call, "CreateBucketConfiguration");
  const region = textOf(wanted, "LocationConstraint") ?? "us-east-1";
  const fault = faultInBucketName(call.bucket);
  if (fault !== undefined) throw new CloudError("InvalidBucketName", `The specified bucket is not valid: ${fault}`);
  if (region !== call.region) {
    throw new CloudError(
      "IllegalLocationConstraintException",
      `The ${region === "us-east-1" ? "unspecified" : region} location constraint is incompatible for the region specific endpoint this request was sent to.`,
    );
  }
  refuseAcl(call.cloud, call.bucket, header(call, "x-amz-acl"));
  const known = call.cloud.world.get(BUCKET, call.bucket);
  if (known !== undefined && !(known.region === "us-east-1" && region === "us-east-1")) throw alreadyOwned();
  if (known === undefined) put(call, region);
  answerEmpty(call, 200, { location: `/${call.bucket}` });
}

function put(call: S3Target, region: string): void {
  const locked = header(call, "x-amz-bucket-object-lock-enabled")?.toLowerCase() === "true";
  const inputs = { bucket: call.bucket, forceDestroy: false, ...(locked ? { objectLockEnabled: true } : {}) };
  const outputs = { ...inputs, ...bucketOutputs(call.bucket, region), created: call.cloud.now() };
  call.cloud.world.put({ type: BUCKET, id: call.bucket, urn: "", region, inputs, outputs, phase: "ready", claimed: true });
}

/** DeleteBucket: an empty one. */
export async function deleteBucket(call: S3Target): Promise<void> {
  demandBucket(call, "DeleteBucket");
  const bucket = requireBucket(call.cloud, call.bucket);
  call.cloud.world.change(() => {
    removeBucket(call.cloud, bucket, false);
    call.cloud.world.drop(bucket);
  });
  await sweepObjects(call.cloud);
  answerEmpty(call, 204);
}

/** HeadBucket. */
export function headBucket(call: S3Target): void {
  demandBucket(call, "ListBucket");
  answerEmpty(call, 200, { "x-amz-bucket-region": requireBucket(call.cloud, call.bucket).region });
}

/** GetBucketLocation; us-east-1 is told as no location at all. */
export function getBucketLocation(call: S3Target): void {
  demandBucket(call, "GetBucketLocation");
  const { region } = requireBucket(call.cloud, call.bucket);
  answerXml(call, "LocationConstraint", region === "us-east-1" ? "" : region);
}

/** GetBucketVersioning; a bucket that never had it has no status. */
export function getBucketVersioning(call: S3Target): void {
  demandBucket(call, "GetBucketVersioning");
  requireBucket(call.cloud, call.bucket);
  const status = versioningOf(call.cloud, call.bucket);
  answerXml(call, "VersioningConfiguration", { Status: status === "Disabled" ? undefined : status });
}

/** PutBucketVersioning: changes the configuration that the world knows, so that `pulumi refresh` sees the drift. */
export async function putBucketVersioning(call: S3Target): Promise<void> {
  demandBucket(call, "PutBucketVersioning");
  const bucket = requireBucket(call.cloud, call.bucket);
  const status = textOf(await readXml(call, "VersioningConfiguration"), "Status");
  if (status !== "Enabled" && status !== "Suspended")
    throw new CloudError("IllegalVersioningConfigurationException", "The Versioning element must be specified");
  refuseUnderLock(call.cloud, call.bucket, status);
  const known = configurationOf(call.cloud, VERSIONING, call.bucket);
  const changed = { bucket: call.bucket, versioningConfiguration: { status } };
  call.cloud.world.put({
    ...(known ?? { type: VERSIONING, id: call.bucket, urn: "", region: bucket.region, phase: "ready" as const, claimed: true }),
    inputs: { ...known?.inputs, ...changed },
    outputs: { ...known?.outputs, ...changed, region: bucket.region },
  });
  answerEmpty(call, 200);
}

/** GetBucketPolicy. */
export function getBucketPolicy(call: S3Target): void {
  demandBucket(call, "GetBucketPolicy");
  requireBucket(call.cloud, call.bucket);
  const policy = policyTextOf(call.cloud, call.bucket);
  if (policy === "") throw new CloudError("NoSuchBucketPolicy", "The bucket policy does not exist", 404);
  send(call.response, { status: 200, headers: { "content-type": "application/json" }, body: policy }, call.requestId);
}

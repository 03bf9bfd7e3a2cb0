import type { XmlValue } from "../../api/xml.ts";
import { CloudError } from "../../core/definition.ts";
import { removeBlobs } from "./blobs.ts";
import { requireBucket } from "./buckets.ts";
import { answerEmpty, answerXml, demandObject, header, malformedXml, type S3Target } from "./call.ts";
import { conditionOf } from "./object-write.ts";
import { deleteObject } from "./objects.ts";
import { children, readXml, textOf, type XmlChildren } from "./request-xml.ts";

/** Keys that one DeleteObjects may name (S3 API Reference). */
const MOST_KEYS = 1000;

/** DeleteObject. */
export async function deleteOne(call: S3Target): Promise<void> {
  const versionId = call.query.get("versionId") ?? undefined;
  demandObject(call, versionId === undefined ? "DeleteObject" : "DeleteObjectVersion");
  requireBucket(call.cloud, call.bucket);
  const { marker, versionId: gone, unused } = remove(call, versionId, conditionOf(call).match);
  await removeBlobs(call.cloud.home, unused);
  answerEmpty(call, 204, {
    ...(gone === undefined ? {} : { "x-amz-version-id": gone }),
    ...(marker ? { "x-amz-delete-marker": "true" } : {}),
  });
}

/** DeleteObjects: up to 1000 keys, each with its own answer. */
export async function deleteMany(call: S3Target): Promise<void> {
  requireBucket(call.cloud, call.bucket);
  const wanted = await readXml(call, "Delete");
  const objects = children(wanted, "Object");
  if (objects.length === 0 || objects.length > MOST_KEYS) throw malformedXml();
  // One change, so that the disk is waited for once and not a thousand times.
  const outcomes = call.cloud.world.change(() => objects.map((object) => outcomeOf(call, object)));
  await removeBlobs(
    call.cloud.home,
    outcomes.flatMap(({ unused }) => unused),
  );
  const quiet = textOf(wanted, "Quiet") === "true";
  answerXml(call, "DeleteResult", {
    Deleted: quiet ? [] : outcomes.map(({ deleted }) => deleted),
    Error: outcomes.map(({ error }) => error),
  });
}

interface Outcome {
  readonly deleted?: XmlValue;
  readonly error?: XmlValue;
  readonly unused: readonly string[];
}

function outcomeOf(call: S3Target, object: XmlChildren): Outcome {
  const key = textOf(object, "Key") ?? "";
  const versionId = textOf(object, "VersionId");
  try {
    const one = { ...call, key };
    demandObject(one, versionId === undefined ? "DeleteObject" : "DeleteObjectVersion");
    const { marker, versionId: gone, unused } = remove(one, versionId, textOf(object, "ETag"));
    const markers = marker ? { DeleteMarker: true, DeleteMarkerVersionId: gone } : {};
    return { deleted: { Key: key, VersionId: versionId, ...markers }, unused };
  } catch (error) {
    if (!(error instanceof CloudError)) throw error;
    return { error: { Key: key, VersionId: versionId, Code: error.code, Message: error.message }, unused: [] };
  }
}

function remove(call: S3Target, versionId: string | undefined, match: string | undefined): ReturnType<typeof deleteObject> {
  const bypassGovernance = header(call, "x-amz-bypass-governance-retention") === "true";
  if (bypassGovernance) demandObject(call, "BypassGovernanceRetention");
  return deleteObject(call.cloud, call.bucket, call.key, versionId, { bypassGovernance, condition: { match } });
}

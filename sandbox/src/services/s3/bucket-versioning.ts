import { CloudError, type Operation, type Resource } from "../../core/definition.ts";
import { text } from "../../core/values.ts";
import { oneOf } from "../limits.ts";
import { remember } from "./bucket-memory.ts";
import { BUCKET, configurationOf, object, OBJECT_LOCK, VERSIONING, versioningOf } from "./buckets.ts";
import { bucketConfiguration } from "./configuration.ts";

/** Whether a bucket keeps the versions of its objects. */
export const bucketVersioning = bucketConfiguration({
  type: VERSIONING,
  replaceOn: ["bucket", "expectedBucketOwner"],
  limits: {
    "versioningConfiguration.status": oneOf("Enabled", "Suspended", "Disabled"),
    "versioningConfiguration.mfaDelete": oneOf("Enabled", "Disabled"),
  },
  check,
  // The provider suspends the versioning of a bucket when this goes (resource aws_s3_bucket_versioning); old versions stay.
  remove: (cloud, row) => {
    if (statusOf(row) !== "Disabled") remember(cloud, text(row.inputs, "bucket"), { versioned: true });
  },
});

function check({ cloud, inputs }: Operation): void {
  const bucket = text(inputs, "bucket");
  const wanted = statusOf({ inputs });
  const now = versioningOf(cloud, bucket);
  if (wanted === "Disabled" && now !== "Disabled") {
    throw new CloudError(
      "InvalidArgument",
      `versioningConfiguration.status cannot be updated from '${now}' to 'Disabled': versioning can be suspended, not undone`,
    );
  }
  refuseUnderLock(cloud, bucket, wanted);
}

/** Throws `InvalidBucketState` if versioning is to be suspended where object lock needs it. */
export function refuseUnderLock(cloud: Operation["cloud"], bucket: string, wanted: string): void {
  const locked =
    configurationOf(cloud, OBJECT_LOCK, bucket) !== undefined ||
    cloud.world.get(BUCKET, bucket)?.inputs["objectLockEnabled"] === true;
  if (!locked || wanted === "Enabled") return;
  throw new CloudError(
    "InvalidBucketState",
    "An Object Lock configuration is present on this bucket, so the versioning state cannot be changed.",
    409,
  );
}

function statusOf({ inputs }: Pick<Resource, "inputs">): string {
  return text(object(inputs["versioningConfiguration"]), "status");
}

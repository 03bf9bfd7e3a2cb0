import { CloudError, type ResourceDefinition } from "../../core/definition.ts";
import { text } from "../../core/values.ts";
import { parsePolicy } from "../iam/policy-document.ts";
import { alreadyOwned } from "./bucket-calls.ts";
import { BUCKET, bucketOutputs, faultInBucketName, versioningOf } from "./buckets.ts";
import { emptyBucket, holdsAnything, sweepObjects } from "./objects.ts";

/** A bucket. Its objects live under the sandbox's home and outlive the daemon. */
export const bucket: ResourceDefinition = {
  type: BUCKET,
  // `bucketNamespace` is newer than the table of the 5.46 line; the provider's documentation says "Changing this forces a new resource".
  replaceOn: ["bucket", "bucketNamespace", "bucketPrefix", "objectLockConfiguration.objectLockEnabled", "objectLockEnabled"],
  autoName: { property: "bucket", maxLength: 63, lowercase: true },
  defaults: { forceDestroy: false },
  limits: { bucket: (value) => (typeof value === "string" ? faultInBucketName(value) : undefined) },
  create: ({ cloud, inputs, region }) => {
    const name = text(inputs, "bucket");
    if (cloud.world.get(BUCKET, name) !== undefined) throw alreadyOwned();
    const policy = text(inputs, "policy");
    if (policy !== "") parsePolicy(policy, "resource", "MalformedPolicy");
    return { id: name, outputs: { ...bucketOutputs(name, region), created: cloud.now() } };
  },
  remove: (cloud, resource) => {
    if (!holdsAnything(cloud, resource.id)) return;
    if (resource.inputs["forceDestroy"] !== true) {
      const versions = versioningOf(cloud, resource.id) === "Disabled" ? "" : ". You must delete all versions in the bucket.";
      throw new CloudError("BucketNotEmpty", `The bucket you tried to delete is not empty${versions}`, 409);
    }
    emptyBucket(cloud, resource.id);
  },
  halt: async (cloud) => {
    await sweepObjects(cloud);
  },
  releasedBy: { forceDestroy: true },
};

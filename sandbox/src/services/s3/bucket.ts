import type { Cloud } from "../../core/cloud.ts";
import { type Operation, type ResourceDefinition } from "../../core/definition.ts";
import type { Props } from "../../core/values.ts";
import { documentText } from "../iam/entities.ts";
import { given, type Limit } from "../limits.ts";
import { chosenName, PREFIX_SUFFIX_LENGTH } from "../names.ts";
import { remember } from "./bucket-memory.ts";
import { checkBucketPolicy } from "./bucket-policy.ts";
import { alreadyOwned, removeBucket } from "./bucket-removal.ts";
import { asksForVersions, BUCKET, bucketOutputs, faultInBucketName } from "./buckets.ts";
import { refuseUnderLock } from "./bucket-versioning.ts";
import { sweepObjects } from "./objects.ts";

const prefix: Limit = (value, inputs) => {
  if (given(inputs, ["bucket"]).length > 0) return '"bucketPrefix" conflicts with "bucket": give one of them';
  // The suffix is hexadecimal, so a prefix is right exactly if a name made of it is.
  return typeof value === "string" ? faultInBucketName(`${value}${"0".repeat(PREFIX_SUFFIX_LENGTH)}`) : undefined;
};

/** A bucket. Its objects live under the sandbox's home and outlive the daemon. */
export const bucket: ResourceDefinition = {
  type: BUCKET,
  // `bucketNamespace` is newer than the table of the 5.46 line; the provider's documentation says "Changing this forces a new resource".
  replaceOn: ["bucket", "bucketNamespace", "bucketPrefix", "objectLockConfiguration.objectLockEnabled", "objectLockEnabled"],
  autoName: { property: "bucket", maxLength: 63, lowercase: true },
  defaults: { forceDestroy: false },
  limits: { bucket: (value) => (typeof value === "string" ? faultInBucketName(value) : undefined), bucketPrefix: prefix },
  create: (operation) => {
    const { cloud, inputs, region } = operation;
    const name = chosenName(inputs, "bucket");
    if (cloud.world.get(BUCKET, name) !== undefined) throw alreadyOwned();
    checkOwnPolicy(cloud, name, inputs);
    return { id: name, outputs: { ...bucketOutputs(name, region), created: cloud.now() } };
  },
  update: ({ cloud, inputs }: Operation, before): Props => {
    checkOwnPolicy(cloud, before.id, inputs);
    if (asksForVersions(before.inputs) && !asksForVersions(inputs)) {
      refuseUnderLock(cloud, before.id, "Suspended");
      remember(cloud, before.id, { versioned: true });
    }
    return {};
  },
  remove: (cloud, row) => {
    removeBucket(cloud, row, row.inputs["forceDestroy"] === true);
  },
  halt: async (cloud) => {
    await sweepObjects(cloud);
  },
  releasedBy: { forceDestroy: true },
};

function checkOwnPolicy(cloud: Cloud, name: string, inputs: Props): void {
  const policy = documentText(inputs["policy"]);
  if (policy !== "") checkBucketPolicy(cloud, name, policy);
}

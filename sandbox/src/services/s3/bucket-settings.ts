import { CloudError } from "../../core/definition.ts";
import type { Value } from "../../core/values.ts";
import { text } from "../../core/values.ts";
import { between, given, oneOf } from "../limits.ts";
import { remember } from "./bucket-memory.ts";
import { object, OBJECT_LOCK, OWNERSHIP, PUBLIC_ACCESS_BLOCK, versioningOf } from "./buckets.ts";
import { bucketConfiguration, toBucket } from "./configuration.ts";

/** What keeps a bucket from being made public: a public policy or ACL is refused. Nobody without a signature reaches the sandbox's buckets anyway. */
export const bucketPublicAccessBlock = bucketConfiguration({
  type: PUBLIC_ACCESS_BLOCK,
  replaceOn: ["bucket"],
  defaults: { blockPublicAcls: false, blockPublicPolicy: false, ignorePublicAcls: false, restrictPublicBuckets: false },
  remove: (cloud, row) => {
    remember(cloud, text(row.inputs, "bucket"), { opened: true });
  },
});

/** Who owns what others write into the bucket. */
export const bucketOwnershipControls = bucketConfiguration({
  type: OWNERSHIP,
  replaceOn: ["bucket"],
  limits: { "rule.objectOwnership": oneOf("BucketOwnerPreferred", "ObjectWriter", "BucketOwnerEnforced") },
});

/** Where the bucket's access log goes. Remembered; the sandbox writes no access logs. */
export const bucketLogging = bucketConfiguration({
  type: "aws:s3/bucketLogging:BucketLogging",
  replaceOn: ["bucket", "expectedBucketOwner"],
  references: [
    {
      ...toBucket,
      path: "targetBucket",
      missing: () => new CloudError("InvalidTargetBucketForLogging", "The target bucket for logging does not exist"),
    },
  ],
});

/** Objects that cannot be deleted before their time. The sandbox keeps to it for versions written while it is set. */
export const bucketObjectLockConfiguration = bucketConfiguration({
  type: OBJECT_LOCK,
  replaceOn: ["bucket", "expectedBucketOwner", "objectLockEnabled"],
  defaults: { objectLockEnabled: "Enabled" },
  limits: {
    objectLockEnabled: oneOf("Enabled"),
    "rule.defaultRetention": onePeriod,
    "rule.defaultRetention.mode": oneOf("COMPLIANCE", "GOVERNANCE"),
    "rule.defaultRetention.days": between(1, 36_500),
    "rule.defaultRetention.years": between(1, 100),
  },
  check: ({ cloud, inputs }) => {
    if (versioningOf(cloud, text(inputs, "bucket")) === "Enabled") return;
    throw new CloudError(
      "InvalidBucketState",
      "Versioning must be 'Enabled' on the bucket to apply a Object Lock configuration",
      409,
    );
  },
});

function onePeriod(value: Value): string | undefined {
  const periods = given(object(value), ["days", "years"]);
  return periods.length === 1 ? undefined : `exactly one of days and years must be given, not ${periods.join(" and ") || "none"}`;
}

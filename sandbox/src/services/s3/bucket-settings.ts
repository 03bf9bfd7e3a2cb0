import { CloudError, type ResourceDefinition } from "../../core/definition.ts";
import { text, type Props } from "../../core/values.ts";
import { object, OBJECT_LOCK, OWNERSHIP, PUBLIC_ACCESS_BLOCK, versioningOf } from "./buckets.ts";
import { bucketConfiguration, toBucket } from "./configuration.ts";

/** What keeps a bucket from being made public: a public policy or ACL is refused. Nobody without a signature reaches the sandbox's buckets anyway. */
export const bucketPublicAccessBlock = bucketConfiguration({
  type: PUBLIC_ACCESS_BLOCK,
  replaceOn: ["bucket"],
  defaults: { blockPublicAcls: false, blockPublicPolicy: false, ignorePublicAcls: false, restrictPublicBuckets: false },
});

/** Who owns what others write into the bucket. */
export const bucketOwnershipControls = bucketConfiguration({
  type: OWNERSHIP,
  replaceOn: ["bucket"],
  check: (inputs) => {
    const ownership = text(object(inputs["rule"]), "objectOwnership");
    requireOneOf("rule.objectOwnership", ownership, ["BucketOwnerPreferred", "ObjectWriter", "BucketOwnerEnforced"]);
  },
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

/** When objects move or go. Remembered; the sandbox's objects stay until they are deleted. */
export const bucketLifecycleConfiguration = bucketConfiguration({
  type: "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
  replaceOn: ["bucket", "expectedBucketOwner"],
  defaults: { transitionDefaultMinimumObjectSize: "all_storage_classes_128K" },
  check: (inputs) => {
    const rules = Array.isArray(inputs["rules"]) ? inputs["rules"].map((rule) => object(rule)) : [];
    const ids = rules.map((rule) => text(rule, "id"));
    const twice = ids.find((id, index) => ids.indexOf(id) !== index);
    if (twice !== undefined)
      throw new CloudError("InvalidArgument", `Rule ID must be unique. Found same ID for more than one rule: ${twice}`);
    for (const rule of rules) checkLifecycleRule(rule);
  },
});

const lock = bucketConfiguration({
  type: OBJECT_LOCK,
  replaceOn: ["bucket", "expectedBucketOwner", "objectLockEnabled"],
  defaults: { objectLockEnabled: "Enabled" },
  check: (inputs) => {
    const retention = object(object(inputs["rule"])["defaultRetention"]);
    if (Object.keys(retention).length === 0) return;
    requireOneOf("rule.defaultRetention.mode", text(retention, "mode"), ["COMPLIANCE", "GOVERNANCE"]);
    if ((retention["days"] === undefined) === (retention["years"] === undefined)) {
      throw new CloudError("MalformedXML", "one of days or years must be given in rule.defaultRetention");
    }
  },
});

/** Objects that cannot be deleted before their time. The sandbox keeps to it for versions written while it is set. */
export const bucketObjectLockConfiguration: ResourceDefinition = {
  ...lock,
  create: (operation) => {
    if (versioningOf(operation.cloud, text(operation.inputs, "bucket")) !== "Enabled") {
      throw new CloudError(
        "InvalidBucketState",
        "Versioning must be 'Enabled' on the bucket to apply a Object Lock configuration",
        409,
      );
    }
    return lock.create(operation);
  },
};

function checkLifecycleRule(rule: Props): void {
  requireOneOf("rules.status", text(rule, "status"), ["Enabled", "Disabled"]);
  const acts = [
    "abortIncompleteMultipartUpload",
    "expiration",
    "noncurrentVersionExpiration",
    "noncurrentVersionTransitions",
    "transitions",
  ];
  if (acts.every((name) => rule[name] === undefined)) {
    throw new CloudError(
      "InvalidRequest",
      `At least one action needs to be specified in a rule: "${text(rule, "id")}" has none of ${acts.join(", ")}`,
    );
  }
}

function requireOneOf(name: string, value: string, allowed: readonly string[]): void {
  if (!allowed.includes(value))
    throw new CloudError(
      "MalformedXML",
      `expected ${name} to be one of [${allowed.map((item) => `"${item}"`).join(" ")}], got ${value}`,
    );
}

import type { BucketOwnershipControlsArgs } from "@pulumi/aws/s3/bucketOwnershipControls.js";
import { be, beLeftOut } from "../../framework/matchers.ts";
import { rule } from "../../framework/rule.ts";
import { companions, ofBuckets } from "../../shared/buckets.ts";

const BY_POLICY = beLeftOut("be left out in favour of a policy");

export default rule({
  id: "bucket-without-acls",
  title: "Policies alone decide who may use a bucket",
  severity: "medium",
  description:
    "ACLs are a second, older way to grant access, object by object. Nobody sees them all, and an object's writer can grant it to others.",
  remediation:
    'Leave acl and grants out, and set objectOwnership to "BucketOwnerEnforced", which new buckets have by themselves.',
  controls: { fsbp: ["S3.12"], wellArchitected: ["SEC03"] },
  inStack: ofBuckets((bucket, { must }, stack) => {
    must(bucket.at("acl"), BY_POLICY);
    must(bucket.at("grants"), BY_POLICY);
    const [controls] = companions<BucketOwnershipControlsArgs>(stack, bucket, "BucketOwnershipControls");
    // Buckets made since April 2023 are "BucketOwnerEnforced" unless someone says otherwise (S3 User Guide, "Controlling
    // ownership of objects").
    if (controls !== undefined) must(controls.at("rule", "objectOwnership"), be("BucketOwnerEnforced"));
  }),
});

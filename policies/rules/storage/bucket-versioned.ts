import type { BucketVersioningArgs } from "@pulumi/aws/s3/bucketVersioning.js";
import { be, beTrue } from "../../framework/matchers.ts";
import { rule } from "../../framework/rule.ts";
import { companions, isLogTarget, ofBuckets } from "../../shared/buckets.ts";
import { skipThrowawayStacks, throwawayStacks } from "../../shared/throwaway.ts";

export default rule({
  id: "bucket-versioned",
  title: "A bucket keeps earlier versions of its objects",
  severity: "medium",
  description: "Without versions, what a program overwrites or deletes by mistake is gone at that moment.",
  remediation: 'Add an aws.s3.BucketVersioning with status "Enabled", and a lifecycle rule that lets old versions go.',
  controls: { securityHub: ["S3.14"], wellArchitected: ["REL09"] },
  config: throwawayStacks,
  inStack: ofBuckets<{ readonly throwawayStacks: readonly string[] }>((bucket, check, stack) => {
    skipThrowawayStacks(bucket, check);
    const [versioning] = companions<BucketVersioningArgs>(stack, bucket, "BucketVersioning");
    const inline = bucket.at("versioning", "enabled");
    if (versioning !== undefined) check.must(versioning.at("versioningConfiguration", "status"), be("Enabled"));
    else if (inline.isSet) check.must(inline, beTrue);
    // S3 writes logs under new names and never over old ones.
    else if (!isLogTarget(stack, bucket))
      check.fail(bucket, "the bucket has no BucketVersioning", 'it must have one with the status "Enabled"');
  }),
});

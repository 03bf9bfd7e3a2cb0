import type { Check } from "../../framework/check.ts";
import { beFalse } from "../../framework/matchers.ts";
import { rule } from "../../framework/rule.ts";
import type { Bucket } from "../../shared/buckets.ts";
import { skipThrowawayStacks, throwawayStacks } from "../../shared/throwaway.ts";

export default rule({
  id: "bucket-kept",
  title: "A bucket that holds something cannot be deleted",
  severity: "high",
  description: "With forceDestroy, one deleted line of a program deletes every object and every version of it.",
  remediation: "Leave forceDestroy out. To delete a bucket, empty it first, on purpose.",
  controls: { wellArchitected: ["REL09"] },
  config: throwawayStacks,
  resources: { "aws:s3/bucket:Bucket": kept, "aws:s3/bucketV2:BucketV2": kept },
});

function kept(bucket: Bucket, check: Check<{ readonly throwawayStacks: readonly string[] }>): void {
  skipThrowawayStacks(bucket, check);
  check.must(bucket.at("forceDestroy"), beFalse);
}

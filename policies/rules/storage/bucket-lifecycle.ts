import { rule } from "../../framework/rule.ts";
import { lifecycleRules, ofBuckets } from "../../shared/buckets.ts";

export default rule({
  id: "bucket-lifecycle",
  title: "A bucket says what becomes of old objects",
  severity: "low",
  description: "Without a lifecycle everything is kept for ever at the full price, and nobody decides it.",
  remediation: "Add an aws.s3.BucketLifecycleConfiguration with a rule that moves or deletes what is old.",
  controls: { fsbp: ["S3.13"], wellArchitected: ["COST04"] },
  level: "advisory",
  inStack: ofBuckets((bucket, { fail }, stack) => {
    if (lifecycleRules(stack, bucket).every(({ isOn }) => !isOn))
      fail(bucket, "the bucket has no lifecycle rule that is enabled", "it must have one");
  }),
});

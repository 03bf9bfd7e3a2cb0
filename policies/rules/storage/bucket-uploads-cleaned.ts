import { rule } from "../../framework/rule.ts";
import { lifecycleRules, ofBuckets } from "../../shared/buckets.ts";

export default rule({
  id: "bucket-uploads-cleaned",
  title: "A bucket throws away uploads that were never finished",
  severity: "low",
  description: "The parts of a broken upload are paid for, and no listing shows them.",
  remediation: "Add a lifecycle rule with abortIncompleteMultipartUpload, such as after 7 days, to the bucket.",
  controls: { wellArchitected: ["COST04"] },
  level: "advisory",
  inStack: ofBuckets((bucket, { fail }, stack) => {
    if (lifecycleRules(stack, bucket).every(({ abortsUploads, isOn }) => !isOn || !abortsUploads.isSet))
      fail(bucket, "no lifecycle rule of the bucket has an abortIncompleteMultipartUpload", "one must");
  }),
});

import type { BucketLoggingArgs } from "@pulumi/aws/s3/bucketLogging.js";
import { rule } from "../../framework/rule.ts";
import { companions, isLogTarget, ofBuckets } from "../../shared/buckets.ts";

export default rule({
  id: "bucket-access-logged",
  title: "Access to a bucket is logged",
  severity: "medium",
  description: "After an incident, the log is what tells which objects were read, and by whom.",
  remediation: "Add an aws.s3.BucketLogging that writes into a bucket for logs.",
  controls: { fsbp: ["S3.9"], pci4: ["10.2.1"], wellArchitected: ["SEC04"] },
  level: "advisory",
  inStack: ofBuckets((bucket, { fail }, stack) => {
    const logs = companions<BucketLoggingArgs>(stack, bucket, "BucketLogging").length > 0 || bucket.at("logging").isSet;
    // A bucket that receives logs would log its own logging.
    if (!logs && !isLogTarget(stack, bucket)) fail(bucket, "the bucket has no BucketLogging", "its access must be logged");
  }),
});

import type { BucketVersioningArgs } from "@pulumi/aws/s3/bucketVersioning.js";
import { rule } from "../../framework/rule.ts";
import { companions, lifecycleRules, ofBuckets } from "../../shared/buckets.ts";

export default rule({
  id: "bucket-old-versions-expire",
  title: "A bucket with versions lets old ones go",
  severity: "low",
  description:
    "Every overwritten object stays and is paid for. A bucket that is written to daily costs many times what is in it.",
  remediation: "Add a lifecycle rule with noncurrentVersionExpiration to the bucket.",
  controls: { securityHub: ["S3.10"], wellArchitected: ["COST04"] },
  level: "advisory",
  inStack: ofBuckets((bucket, { fail, skip }, stack) => {
    const [versioning] = companions<BucketVersioningArgs>(stack, bucket, "BucketVersioning");
    const status = versioning?.at("versioningConfiguration", "status").value;
    if (status !== "Enabled" && bucket.at("versioning", "enabled").value !== true) skip("the bucket keeps no versions");
    if (lifecycleRules(stack, bucket).every(({ expiresVersions, isOn }) => !isOn || !expiresVersions.isSet))
      fail(bucket, "no lifecycle rule of the bucket has a noncurrentVersionExpiration", "one must");
  }),
});

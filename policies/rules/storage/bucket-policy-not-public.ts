import type { BucketArgs } from "@pulumi/aws/s3/bucket.js";
import type { BucketPolicyArgs } from "@pulumi/aws/s3/bucketPolicy.js";
import type { Check } from "../../framework/check.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";
import { eachAllowed, isOpenToEveryone, nameOf } from "../../shared/iam.ts";

export default rule({
  id: "bucket-policy-not-public",
  title: "No policy opens a bucket to everyone",
  severity: "critical",
  description: "Public buckets are found by scanners within hours; what was read cannot be taken back.",
  remediation:
    "Name who may have access in Principal, or bind the statement by a condition such as aws:SourceArn. Give files to the public through CloudFront with origin access control.",
  controls: { fsbp: ["S3.2", "S3.3", "S3.6"], wellArchitected: ["SEC03"] },
  resources: {
    "aws:s3/bucketPolicy:BucketPolicy": closed,
    "aws:s3/bucket:Bucket": closed,
    "aws:s3/bucketV2:BucketV2": closed,
  },
});

function closed(resource: Resource<BucketArgs | BucketPolicyArgs>, check: Check<unknown>): void {
  eachAllowed(resource.at("policy"), check, (statement) => {
    if (isOpenToEveryone(statement))
      check.fail(
        statement,
        `${nameOf(statement)} lets everyone in`,
        "it must name who may have access, or bind them by a condition",
      );
  });
}

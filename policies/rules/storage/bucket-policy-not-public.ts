import { rule } from "../../framework/rule.ts";
import { closedToEveryone } from "../../shared/iam.ts";

const closed = closedToEveryone("use the bucket");

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

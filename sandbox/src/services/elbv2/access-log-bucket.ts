import { CloudError, type Operation } from "../../core/definition.ts";
import { isProps, text } from "../../core/values.ts";
import { decide } from "../iam/evaluate.ts";
import type { Statement } from "../iam/policy-document.ts";
import { BUCKET, encryptionOf, policyOfBucket } from "../s3/buckets.ts";

/** As Elastic Load Balancing calls the service that writes its logs. */
const DELIVERY = "logdelivery.elasticloadbalancing.amazonaws.com";
/**
 * The accounts that wrote the logs of older regions before the service had a name of its own; a policy may still name them. Source: Elastic Load Balancing User
 * Guide, "Enable access logs for your Application Load Balancer".
 */
const ACCOUNTS: Readonly<Record<string, string>> = {
  "af-south-1": "098369216593",
  "ap-east-1": "754344448648",
  "ap-northeast-1": "582318560864",
  "ap-northeast-2": "600734575887",
  "ap-northeast-3": "383597477331",
  "ap-south-1": "718504428378",
  "ap-southeast-1": "114774131450",
  "ap-southeast-2": "783225319266",
  "ap-southeast-3": "589379963580",
  "ca-central-1": "985666609251",
  "eu-central-1": "054676820928",
  "eu-north-1": "897822967062",
  "eu-south-1": "635631232127",
  "eu-west-1": "156460612806",
  "eu-west-2": "652711504416",
  "eu-west-3": "009996457667",
  "me-south-1": "076674570225",
  "sa-east-1": "507241528517",
  "us-east-1": "127311923021",
  "us-east-2": "033677994240",
  "us-west-1": "027434742980",
  "us-west-2": "797873946194",
};
/** What AWS's own account lets the writer do; the bucket has the last word. */
const ANYTHING: Statement = { effect: "Allow", actions: ["*"], resources: ["*"], conditions: {} };
/** Throws, in the words of Elastic Load Balancing, for access logs that are switched on and go to a bucket that does not let them in. */
export function requireLogBucket(operation: Operation, loadBalancerArn: string): void {
  const logs = operation.inputs["accessLogs"];
  if (isProps(logs) && logs["enabled"] === true)
    requireOpen(operation, text(logs, "bucket"), text(logs, "prefix"), loadBalancerArn);
}

function requireOpen({ cloud, region }: Operation, bucket: string, prefix: string, loadBalancerArn: string): void {
  const row = cloud.world.get(BUCKET, bucket);
  if (row === undefined || row.phase === "deleting") throw refused(`Could not find/access bucket: ${bucket}`);
  if (row.region !== region)
    throw refused(
      `The bucket ${bucket} is in ${row.region}; the bucket and the load balancer must be in the same region, ${region}`,
    );
  // The only encryption that the writer of the logs can work with.
  if (encryptionOf(cloud, bucket).algorithm !== "AES256")
    throw refused(
      `Access Denied for bucket: ${bucket}. Its default encryption is not SSE-S3 (AES256), which is the only one supported`,
    );
  const account = ACCOUNTS[region];
  const writers = [[DELIVERY], ...(account === undefined ? [] : [[account, `arn:aws:iam::${account}:root`]])];
  const values = {
    "aws:sourcearn": loadBalancerArn,
    "aws:sourceaccount": cloud.account,
    "s3:x-amz-acl": "bucket-owner-full-control",
  };
  const context = new Map(Object.entries(values).map(([name, value]) => [name, [value]]));
  // What is written first, to see whether anything can be.
  const resource = `arn:aws:s3:::${bucket}/${prefix === "" ? "" : `${prefix}/`}AWSLogs/${cloud.account}/ELBAccessLogTestFile`;
  const statements = policyOfBucket(cloud, bucket);
  const isOpen = writers.some((principals) => {
    const request = { action: "s3:PutObject", resource, principals, context };
    return decide(request, [ANYTHING], statements, { resourceMustAllow: true }).allowed;
  });
  if (!isOpen) throw refused(`Access Denied for bucket: ${bucket}. Please check S3bucket permission`);
}

function refused(message: string): CloudError {
  return new CloudError("InvalidConfigurationRequest", message);
}

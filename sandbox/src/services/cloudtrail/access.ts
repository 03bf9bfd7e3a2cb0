import { CloudError, type Operation } from "../../core/definition.ts";
import { text } from "../../core/values.ts";
import { type AccessRequest, decide } from "../iam/evaluate.ts";
import type { Statement } from "../iam/policy-document.ts";
import { KEY, policyOfKey } from "../kms/keys.ts";
import { policyOfBucket } from "../s3/buckets.ts";
import { policyOfTopic, TOPIC } from "../sns/topics.ts";

/** As CloudTrail calls the services that it writes to. */
const SERVICE = "cloudtrail.amazonaws.com";

/** Throws, in CloudTrail's words, unless the trail's bucket, key and topic let CloudTrail in. */
export function refuseClosedTargets(operation: Operation, trailArn: string): void {
  refuseClosedBucket(operation, trailArn);
  refuseClosedKey(operation, trailArn);
  refuseClosedTopic(operation, trailArn);
}

/** CloudTrail asks for the bucket's ACL and writes under AWSLogs. */
function refuseClosedBucket({ cloud, inputs }: Operation, trailArn: string): void {
  const bucket = text(inputs, "s3BucketName");
  const prefix = text(inputs, "s3KeyPrefix");
  const own = `arn:aws:s3:::${bucket}`;
  const logs = `${own}/${prefix === "" ? "" : `${prefix}/`}AWSLogs/${cloud.account}/CloudTrail/log.json.gz`;
  const context = { ...callOf(cloud.account, trailArn), "s3:x-amz-acl": "bucket-owner-full-control" };
  const statements = policyOfBucket(cloud, bucket);
  if (may("s3:GetBucketAcl", own, context, statements) && may("s3:PutObject", logs, context, statements)) return;
  throw new CloudError("InsufficientS3BucketPolicyException", `Incorrect S3 bucket policy is detected for bucket: ${bucket}`);
}

/** CloudTrail looks at the key and makes data keys under it (CloudTrail User Guide, "Configure AWS KMS key policies for CloudTrail"). */
function refuseClosedKey({ cloud, inputs, region }: Operation, trailArn: string): void {
  const keyArn = text(inputs, "kmsKeyId");
  const key = cloud.world.all(KEY).find((row) => row.region === region && text(row.outputs, "arn") === keyArn);
  if (key === undefined) return;
  const context = { ...callOf(cloud.account, trailArn), "kms:encryptioncontext:aws:cloudtrail:arn": trailArn };
  const statements = policyOfKey(cloud, key);
  if (["kms:DescribeKey", "kms:GenerateDataKey"].every((action) => may(action, keyArn, context, statements))) return;
  throw new CloudError(
    "InsufficientEncryptionPolicyException",
    `Insufficient permissions to access S3 bucket ${text(inputs, "s3BucketName")} or KMS key ${keyArn}.`,
  );
}

function refuseClosedTopic({ cloud, inputs, region }: Operation, trailArn: string): void {
  const name = text(inputs, "snsTopicName");
  if (name === "") return;
  const topic = cloud.world.all(TOPIC).find((row) => row.id === name || (row.region === region && row.outputs["name"] === name));
  const open = topic !== undefined && may("sns:Publish", topic.id, callOf(cloud.account, trailArn), policyOfTopic(cloud, topic));
  if (open) return;
  throw new CloudError("InsufficientSnsTopicPolicyException", "SNS Topic does not exist or the topic policy is incorrect!");
}

function callOf(account: string, trailArn: string): Readonly<Record<string, string>> {
  return { "aws:sourcearn": trailArn, "aws:sourceaccount": account };
}

function may(
  action: string,
  resource: string,
  context: Readonly<Record<string, string>>,
  statements: readonly Statement[],
): boolean {
  const values = new Map(Object.entries(context).map(([name, value]) => [name, [value]]));
  const request: AccessRequest = { action, resource, principals: [SERVICE], context: values };
  return decide(request, [], statements, { resourceMustAllow: true }).allowed;
}

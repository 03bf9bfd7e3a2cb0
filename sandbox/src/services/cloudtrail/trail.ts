import type { Cloud } from "../../core/cloud.ts";
import { CloudError, type Operation, type ResourceDefinition } from "../../core/definition.ts";
import { arn } from "../../core/ids.ts";
import { type Props, text } from "../../core/values.ts";
import { decide } from "../iam/evaluate.ts";
import { parsePolicy, type Statement } from "../iam/policy-document.ts";
import { BUCKET, BUCKET_POLICY } from "../s3/buckets.ts";
import { all, arnOf, given, matching, ofLength, oneOf } from "../limits.ts";

const TRAIL = "aws:cloudtrail/trail:Trail";
const SERVICE = "cloudtrail.amazonaws.com";
/** Trails a region may have (CloudTrail User Guide, "Quotas"). */
const MOST_TRAILS = 5;

function statementsOf(cloud: Cloud, bucket: string): readonly Statement[] {
  const policy = cloud.world.all(BUCKET_POLICY).find((row) => text(row.inputs, "bucket") === bucket);
  return policy === undefined ? [] : parsePolicy(text(policy.outputs, "policy"), "resource", "MalformedPolicy");
}

/** CloudTrail asks for the bucket's ACL and writes under AWSLogs; a bucket whose policy does not let it is refused. */
function refuseClosedBucket({ cloud, inputs }: Operation, trailArn: string): void {
  const bucket = text(inputs, "s3BucketName");
  const prefix = text(inputs, "s3KeyPrefix");
  const context = new Map([
    ["aws:sourcearn", [trailArn]],
    ["aws:sourceaccount", [cloud.account]],
    ["s3:x-amz-acl", ["bucket-owner-full-control"]],
  ]);
  const own = `arn:aws:s3:::${bucket}`;
  const logs = `${own}/${prefix === "" ? "" : `${prefix}/`}AWSLogs/${cloud.account}/CloudTrail/log.json.gz`;
  const statements = statementsOf(cloud, bucket);
  const may = (action: string, resource: string): boolean =>
    decide({ action, resource, principals: [SERVICE], context }, [], statements).allowed;
  if (may("s3:GetBucketAcl", own) && may("s3:PutObject", logs)) return;
  throw new CloudError("InsufficientS3BucketPolicyException", `Incorrect S3 bucket policy is detected for bucket: ${bucket}`);
}

function check(operation: Operation, trailArn: string): void {
  const { inputs } = operation;
  const logs = given(inputs, ["cloudWatchLogsGroupArn", "cloudWatchLogsRoleArn"]);
  if (logs.length === 1) {
    throw new CloudError(
      "InvalidParameterCombinationException",
      `cloudWatchLogsGroupArn and cloudWatchLogsRoleArn go together (given: ${logs.join("")})`,
    );
  }
  if (given(inputs, ["eventSelectors", "advancedEventSelectors"]).length === 2) {
    throw new CloudError("InvalidEventSelectorsException", "eventSelectors and advancedEventSelectors cannot both be given");
  }
  if (inputs["isOrganizationTrail"] === true) {
    throw new CloudError("OrganizationsNotInUseException", "Your account is not a member of an AWS Organizations organization.");
  }
  if (inputs["isMultiRegionTrail"] === true && inputs["includeGlobalServiceEvents"] === false) {
    throw new CloudError("InvalidParameterCombinationException", "Multi-Region trail must include global service events.");
  }
  refuseClosedBucket(operation, trailArn);
}

function topicArn({ cloud, inputs, region }: Operation): string {
  const topic = text(inputs, "snsTopicName");
  return topic === "" || topic.startsWith("arn:") ? topic : arn("sns", region, cloud.account, topic);
}

function computed(operation: Operation): Props {
  return { homeRegion: operation.region, snsTopicArn: topicArn(operation) };
}

/** A record of what is called in the account. The sandbox checks that it could be written, and writes none. */
export const trail: ResourceDefinition = {
  type: TRAIL,
  replaceOn: ["name"],
  autoName: { property: "name", maxLength: 128 },
  defaults: {
    enableLogFileValidation: false,
    enableLogging: true,
    includeGlobalServiceEvents: true,
    isMultiRegionTrail: false,
    isOrganizationTrail: false,
  },
  limits: {
    // CloudTrail User Guide, "Naming requirements": no two of the signs side by side.
    name: all(ofLength(3, 128), matching(/^[a-z0-9]([._-]?[a-z0-9])*$/i, "letters, digits, and single . _ - between them")),
    s3KeyPrefix: ofLength(0, 200),
    kmsKeyId: arnOf("kms"),
    cloudWatchLogsGroupArn: all(arnOf("logs"), matching(/:\*$/, "the ARN of a log group ends with :* here")),
    cloudWatchLogsRoleArn: arnOf("iam"),
    "eventSelectors[].readWriteType": oneOf("All", "ReadOnly", "WriteOnly"),
    "insightSelectors[].insightType": oneOf("ApiCallRateInsight", "ApiErrorRateInsight"),
  },
  references: [
    {
      path: "s3BucketName",
      to: BUCKET,
      missing: (bucket) => new CloudError("S3BucketDoesNotExistException", `S3 bucket ${bucket} does not exist!`),
    },
    {
      path: "kmsKeyId",
      to: "aws:kms/key:Key",
      by: ["arn"],
      missing: (key) => new CloudError("KmsKeyDoesNotExistException", `KMS key ${key} does not exist`),
    },
    {
      path: "cloudWatchLogsRoleArn",
      to: "aws:iam/role:Role",
      by: ["arn"],
      missing: (role) =>
        new CloudError(
          "InvalidCloudWatchLogsRoleArnException",
          `Access denied. Check the trust relationships for your role ${role}.`,
        ),
    },
  ],
  create: (operation) => {
    const { cloud, inputs, region } = operation;
    const name = text(inputs, "name");
    const id = arn("cloudtrail", region, cloud.account, `trail/${name}`);
    const present = cloud.world.all(TRAIL).filter((row) => row.region === region);
    if (present.some((row) => row.id === id)) {
      throw new CloudError("TrailAlreadyExistsException", `Trail ${name} already exists for customer: ${cloud.account}`);
    }
    if (present.length >= MOST_TRAILS) {
      throw new CloudError(
        "MaximumNumberOfTrailsExceededException",
        `User: ${cloud.account} already has ${MOST_TRAILS} trails in ${region}.`,
      );
    }
    check(operation, id);
    return { id, outputs: { ...computed(operation), arn: id } };
  },
  update: (operation, before) => {
    check(operation, before.id);
    return computed(operation);
  },
};

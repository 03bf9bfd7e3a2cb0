import { CloudError, type Operation, type ResourceDefinition } from "../../core/definition.ts";
import { arn } from "../../core/ids.ts";
import { type Props, text } from "../../core/values.ts";
import { LOG_GROUP } from "../cloudwatch/log-groups.ts";
import { all, arnOf, given, type Limit, matching, ofLength, oneOf } from "../limits.ts";
import { BUCKET } from "../s3/buckets.ts";
import { refuseClosedTargets } from "./access.ts";

const TRAIL = "aws:cloudtrail/trail:Trail";
/** Trails a region may have (CloudTrail User Guide, "Quotas"). */
const MOST_TRAILS = 5;

function check(operation: Operation, trailArn: string): void {
  const { inputs } = operation;
  if (inputs["isOrganizationTrail"] === true) {
    throw new CloudError("OrganizationsNotInUseException", "Your account is not a member of an AWS Organizations organization.");
  }
  if (inputs["isMultiRegionTrail"] === true && inputs["includeGlobalServiceEvents"] === false) {
    throw new CloudError("InvalidParameterCombinationException", "Multi-Region trail must include global service events.");
  }
  refuseMissingGroup(operation);
  refuseClosedTargets(operation, trailArn);
}

function refuseMissingGroup({ cloud, inputs, region }: Operation): void {
  const group = text(inputs, "cloudWatchLogsGroupArn");
  const found = cloud.world.all(LOG_GROUP).some((row) => row.region === region && `${text(row.outputs, "arn")}:*` === group);
  if (group === "" || found) return;
  throw new CloudError(
    "InvalidCloudWatchLogsLogGroupArnException",
    `The CloudWatch Logs log group ${group} does not exist in ${region}`,
  );
}

const goTogether =
  (other: string): Limit =>
  (_value, inputs) =>
    given(inputs, [other]).length === 1 ? undefined : `needs ${other} beside it`;

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
    cloudWatchLogsGroupArn: all(
      arnOf("logs"),
      matching(/:\*$/, "the ARN of a log group ends with :* here"),
      goTogether("cloudWatchLogsRoleArn"),
    ),
    cloudWatchLogsRoleArn: all(arnOf("iam"), goTogether("cloudWatchLogsGroupArn")),
    advancedEventSelectors: (_value, inputs) =>
      given(inputs, ["eventSelectors"]).length === 0 ? undefined : '"advancedEventSelectors" conflicts with "eventSelectors"',
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

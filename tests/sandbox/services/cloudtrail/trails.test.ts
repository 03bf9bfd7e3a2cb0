import assert from "node:assert/strict";
import type { Resource } from "../../../../sandbox/src/core/definition.ts";
import { type Props, text } from "../../../../sandbox/src/core/values.ts";
import { cloudtrailDefinitions } from "../../../../sandbox/src/services/cloudtrail/index.ts";
import { cloudwatchDefinitions } from "../../../../sandbox/src/services/cloudwatch/index.ts";
import { iamDefinitions } from "../../../../sandbox/src/services/iam/index.ts";
import { kmsDefinitions } from "../../../../sandbox/src/services/kms/index.ts";
import { s3Definitions } from "../../../../sandbox/src/services/s3/index.ts";
import { snsDefinitions } from "../../../../sandbox/src/services/sns/index.ts";
import { policyOf } from "../../support/api.ts";
import { ACCOUNT, Stack, testCloud, type TestCloud } from "../../support/cloud.ts";
import { refused } from "../../support/refused.ts";

const TRAIL = "aws:cloudtrail/trail:Trail";
const BUCKET = "audit-logs-of-a-test";
const Principal = { Service: "cloudtrail.amazonaws.com" };
const ARN = `arn:aws:cloudtrail:eu-central-1:${ACCOUNT}:trail/audit`;

/** What the CloudTrail User Guide gives for a bucket, "Amazon S3 bucket policy for CloudTrail". */
const LETS_LOOK = { Principal, Action: "s3:GetBucketAcl", Resource: `arn:aws:s3:::${BUCKET}` };
const LETS_WRITE = {
  Principal,
  Action: "s3:PutObject",
  Resource: `arn:aws:s3:::${BUCKET}/AWSLogs/${ACCOUNT}/*`,
  Condition: { StringEquals: { "s3:x-amz-acl": "bucket-owner-full-control", "aws:SourceArn": ARN } },
};

describe("trails of the sandbox", () => {
  let cloud: TestCloud;
  let stack: Stack;
  let made: number;
  beforeEach(async () => {
    cloud = testCloud();
    const services = [
      cloudtrailDefinitions,
      cloudwatchDefinitions,
      iamDefinitions,
      kmsDefinitions,
      s3Definitions,
      snsDefinitions,
    ];
    stack = new Stack(cloud, services.flat());
    made = 0;
    await create("aws:s3/bucket:Bucket", { bucket: BUCKET });
  });
  afterEach(() => cloud.end());

  const create = (token: string, inputs: Props = {}): Promise<Resource> => stack.create(token, `r${++made}`, inputs);
  const trail = (more: Props = {}): Promise<Resource> => create(TRAIL, { name: "audit", s3BucketName: BUCKET, ...more });
  const letIn = (...statements: object[]): Promise<Resource> =>
    create("aws:s3/bucketPolicy:BucketPolicy", { bucket: BUCKET, policy: policyOf(...statements) });
  const faults = (more: Props): string[] => stack.faults(TRAIL, "t", { name: "audit", s3BucketName: BUCKET, ...more });

  it("write to a bucket that lets CloudTrail look and write", async () => {
    await letIn(LETS_LOOK, LETS_WRITE);
    const { id, outputs } = await trail();
    assert.deepEqual([id, outputs["arn"], outputs["homeRegion"]], [ARN, ARN, "eu-central-1"]);
  });

  describe("refuse a bucket", () => {
    const words = `Incorrect S3 bucket policy is detected for bucket: ${BUCKET}`;
    for (const [what, statements] of [
      ["without a policy", []],
      ["that lets CloudTrail write but not look", [LETS_WRITE]],
      ["that lets CloudTrail look but not write", [LETS_LOOK]],
      [
        "that lets another trail write",
        [LETS_LOOK, { ...LETS_WRITE, Condition: { StringEquals: { "aws:SourceArn": `${ARN}-2` } } }],
      ],
      ["that lets another service write", [LETS_LOOK, { ...LETS_WRITE, Principal: { Service: "config.amazonaws.com" } }]],
      ["that forbids it elsewhere", [LETS_LOOK, LETS_WRITE, { ...LETS_LOOK, Effect: "Deny" }]],
    ] as const) {
      it(what, async () => {
        if (statements.length > 0) await letIn(...statements);
        await refused(trail(), "InsufficientS3BucketPolicyException", words);
      });
    }

    it("that lets CloudTrail write without the prefix that the trail has", async () => {
      await letIn(LETS_LOOK, LETS_WRITE);
      await refused(trail({ s3KeyPrefix: "audit" }), "InsufficientS3BucketPolicyException", words);
    });

    it("that does not exist", async () => {
      await refused(trail({ s3BucketName: "none" }), "S3BucketDoesNotExistException", "S3 bucket none does not exist!");
    });
  });

  describe("with an open bucket", () => {
    beforeEach(() => letIn(LETS_LOOK, LETS_WRITE));

    it("have a name that is the region's only one, five a region", async () => {
      await trail();
      await refused(trail(), "TrailAlreadyExistsException", `Trail audit already exists for customer: ${ACCOUNT}`);
      const policy = { ...LETS_WRITE, Condition: undefined };
      await stack.delete(cloud.world.all("aws:s3/bucketPolicy:BucketPolicy")[0] ?? assert.fail());
      await letIn(LETS_LOOK, policy);
      for (let count = 2; count <= 5; count++) await trail({ name: `audit-${count}` });
      await refused(
        trail({ name: "audit-6" }),
        "MaximumNumberOfTrailsExceededException",
        `User: ${ACCOUNT} already has 5 trails in eu-central-1.`,
      );
    });

    it("are encrypted under a key that lets CloudTrail in", async () => {
      const keyWith = async (...statements: object[]): Promise<string> => {
        const root = { Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: "kms:*", Resource: "*" };
        return text((await create("aws:kms/key:Key", { policy: policyOf(root, ...statements) })).outputs, "arn");
      };
      const closed = await keyWith();
      await refused(
        trail({ kmsKeyId: closed }),
        "InsufficientEncryptionPolicyException",
        `Insufficient permissions to access S3 bucket ${BUCKET} or KMS key ${closed}.`,
      );
      const missing = `arn:aws:kms:eu-central-1:${ACCOUNT}:key/none`;
      await refused(trail({ kmsKeyId: missing }), "KmsKeyDoesNotExistException", `KMS key ${missing} does not exist`);
      const forTrails = { StringLike: { "kms:EncryptionContext:aws:cloudtrail:arn": `arn:aws:cloudtrail:*:${ACCOUNT}:trail/*` } };
      const open = await keyWith(
        { Principal, Action: "kms:GenerateDataKey*", Resource: "*", Condition: forTrails },
        { Principal, Action: "kms:DescribeKey", Resource: "*" },
      );
      assert.equal((await trail({ kmsKeyId: open })).outputs["kmsKeyId"], open);
    });

    it("tell a topic that lets CloudTrail publish", async () => {
      const words = "SNS Topic does not exist or the topic policy is incorrect!";
      await refused(trail({ snsTopicName: "audit" }), "InsufficientSnsTopicPolicyException", words);
      const topic = await create("aws:sns/topic:Topic", { name: "audit" });
      await refused(trail({ snsTopicName: "audit" }), "InsufficientSnsTopicPolicyException", words);
      const policy = policyOf({ Principal, Action: "SNS:Publish", Resource: topic.id });
      await create("aws:sns/topicPolicy:TopicPolicy", { arn: topic.id, policy });
      assert.equal((await trail({ snsTopicName: "audit" })).outputs["snsTopicArn"], topic.id);
    });

    it("are copied to a log group that exists, with a role that exists", async () => {
      const group = `arn:aws:logs:eu-central-1:${ACCOUNT}:log-group:audit:*`;
      const role = await create("aws:iam/role:Role", {
        name: "audit",
        assumeRolePolicy: policyOf({ Principal, Action: "sts:AssumeRole" }),
      });
      const logs = { cloudWatchLogsGroupArn: group, cloudWatchLogsRoleArn: text(role.outputs, "arn") };
      await refused(
        trail(logs),
        "InvalidCloudWatchLogsLogGroupArnException",
        `The CloudWatch Logs log group ${group} does not exist in eu-central-1`,
      );
      await create("aws:cloudwatch/logGroup:LogGroup", { name: "audit" });
      await trail(logs);
      const nobody = `arn:aws:iam::${ACCOUNT}:role/nobody`;
      await refused(
        trail({ ...logs, name: "other", cloudWatchLogsRoleArn: nobody }),
        "InvalidCloudWatchLogsRoleArnException",
        `Access denied. Check the trust relationships for your role ${nobody}.`,
      );
    });

    it("are checked again when they change", async () => {
      const standing = await trail();
      await refused(
        stack.update(standing, "t", { name: "audit", s3BucketName: BUCKET, s3KeyPrefix: "audit" }),
        "InsufficientS3BucketPolicyException",
      );
    });

    it("belong to no organization, and tell of global services where they tell of all regions", async () => {
      await refused(trail({ isOrganizationTrail: true }), "OrganizationsNotInUseException");
      await refused(
        trail({ isMultiRegionTrail: true, includeGlobalServiceEvents: false }),
        "InvalidParameterCombinationException",
        "Multi-Region trail must include global service events.",
      );
    });
  });

  it("refuse before anything is made what does not go together", () => {
    assert.deepEqual(faults({ cloudWatchLogsGroupArn: `arn:aws:logs:eu-central-1:${ACCOUNT}:log-group:audit:*` }), [
      "cloudWatchLogsGroupArn: needs cloudWatchLogsRoleArn beside it",
    ]);
    assert.deepEqual(faults({ cloudWatchLogsRoleArn: `arn:aws:iam::${ACCOUNT}:role/audit` }), [
      "cloudWatchLogsRoleArn: needs cloudWatchLogsGroupArn beside it",
    ]);
    assert.deepEqual(faults({ eventSelectors: [{ readWriteType: "All" }], advancedEventSelectors: [{ fieldSelectors: [] }] }), [
      'advancedEventSelectors: "advancedEventSelectors" conflicts with "eventSelectors"',
    ]);
    assert.deepEqual(faults({ name: "audit--logs" }), [
      'name: "audit--logs" is not allowed: letters, digits, and single . _ - between them',
    ]);
    assert.deepEqual(faults({ eventSelectors: [{ readWriteType: "Reads" }] }), [
      'eventSelectors[].readWriteType: "Reads" is not one of the allowed values: All, ReadOnly, WriteOnly',
    ]);
  });
});

import * as pulumi from "@pulumi/pulumi";
import type { Statement } from "../shared/iam.ts";
import { AGENT_NAMESPACE } from "./host-metrics.ts";

/** What the product may use: its own things, each by name. */
export interface AppAccess {
  /** Secrets that it reads: its own, and the database's. */
  readonly secretArns: readonly pulumi.Input<string>[];
  /** The KMS key of the secrets and the bucket. */
  readonly keyArn: pulumi.Input<string>;
  /** The bucket in which it keeps objects. */
  readonly bucketArn: pulumi.Input<string>;
  /** The queue from which it takes jobs, and into which it puts them. @default - none */
  readonly queueArn?: pulumi.Input<string>;
  /** The log group into which its output goes. */
  readonly logGroup: { readonly name: pulumi.Input<string>; readonly arn: pulumi.Input<string> };
}

/** The least that lets the product work: no statement names more than one thing of its kind. */
export function appStatements({ bucketArn, keyArn, logGroup, queueArn, secretArns }: AppAccess): Statement[] {
  return [
    { Sid: "ReadItsSecrets", Action: "secretsmanager:GetSecretValue", Resource: secretArns },
    { Sid: "UseTheKey", Action: ["kms:Decrypt", "kms:GenerateDataKey"], Resource: keyArn },
    { Sid: "ListItsBucket", Action: "s3:ListBucket", Resource: bucketArn },
    {
      Sid: "KeepItsObjects",
      Action: ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"],
      Resource: pulumi.interpolate`${bucketArn}/*`,
    },
    {
      Sid: "WriteItsLogs",
      Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
      Resource: pulumi.interpolate`${logGroup.arn}:*`,
    },
    {
      Sid: "PublishHostMetrics",
      Action: "cloudwatch:PutMetricData",
      Resource: "*",
      Condition: { StringEquals: { "cloudwatch:namespace": AGENT_NAMESPACE } },
    },
    ...(queueArn === undefined ? [] : [queueStatement(queueArn)]),
  ];
}

function queueStatement(queueArn: pulumi.Input<string>): Statement {
  return {
    Sid: "WorkOnItsJobs",
    Action: [
      "sqs:ChangeMessageVisibility",
      "sqs:DeleteMessage",
      "sqs:GetQueueAttributes",
      "sqs:ReceiveMessage",
      "sqs:SendMessage",
    ],
    Resource: queueArn,
  };
}
